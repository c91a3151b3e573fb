'use client';

import { useEffect, useRef } from 'react';

/** Keys as `KeyboardEvent.key` has them, to what they do. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Where keys mean text or choose among things, they are left alone. */
const BUSY =
  'input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"], [role="tablist"], [role="radiogroup"]';

/** Single keys for a whole page; never while somebody types, nor together with Ctrl, Alt or ⌘. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  }, [shortcuts]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(BUSY)) return;
      const known = Object.hasOwn(latest.current, event.key);
      const act = known ? latest.current[event.key] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
