'use client';

import { useEffect, useState } from 'react';

function fragment(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    // Somebody cut the link short.
    return '';
  }
}

/**
 * The finding that the address names. The list comes after the page, too late for the browser to
 * look for it, so that it is brought into view here once it is there.
 */
export function useLinkedFinding(isThere: boolean): string {
  const [linked, setLinked] = useState('');
  useEffect(() => {
    const follow = () => setLinked(fragment());
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    if (isThere && linked !== '') document.getElementById(linked)?.scrollIntoView();
  }, [isThere, linked]);
  return linked;
}
