'use client';

import { useEffect, useState } from 'react';

const TYPING_MS = 180;

/** A text that somebody types, once they pause: for questions to the server. */
export function useLate(text: string): string {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return late;
}
