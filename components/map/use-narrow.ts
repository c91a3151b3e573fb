'use client';

import { useSyncExternalStore } from 'react';

const NARROW = '(max-aspect-ratio: 4/5)';

function subscribe(onChange: () => void): () => void {
  const list = matchMedia(NARROW);
  list.addEventListener('change', onChange);
  return () => list.removeEventListener('change', onChange);
}

/** Whether the window is much taller than wide: then connections flow down, not to the right. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(NARROW).matches,
    () => false,
  );
}
