'use client';

import { type KeyboardEvent, useRef, useState } from 'react';

export interface RovingRow {
  readonly tabIndex: 0 | -1;
  readonly ref: (element: HTMLTableRowElement | null) => void;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export interface RovingRows {
  /** The row that Tab reaches; undefined where there is none. */
  readonly entry: string | undefined;
  readonly row: (id: string) => RovingRow;
}

/** How far a key goes, from a row among so many; null for a key that goes nowhere. */
function target(key: string, index: number, count: number): number | null {
  const page = 12;
  const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count - 1 };
  const far = { PageDown: index + page, PageUp: index - page };
  const goal = Object.hasOwn(to, key)
    ? to[key as keyof typeof to]
    : Object.hasOwn(far, key)
      ? far[key as keyof typeof far]
      : null;
  return goal === null ? null : Math.max(0, Math.min(count - 1, goal));
}

/**
 * A table of which one row at a time can be reached by Tab, and the others from there by arrows,
 * Home, End and Page keys. `onKey` gets every other key; `reveal` brings a row into the page that
 * is not in it.
 */
export function useRovingRows(
  ids: readonly string[],
  selected: string | null,
  {
    onKey,
    reveal,
  }: {
    readonly onKey: (id: string, event: KeyboardEvent) => void;
    readonly reveal: (index: number) => void;
  },
): RovingRows {
  const [focused, setFocused] = useState<string | null>(null);
  const elements = useRef(new Map<string, HTMLTableRowElement>());
  /** Gets the focus as soon as it is in the page. */
  const awaited = useRef<string | null>(null);
  const known = new Set(ids);
  const entry = [focused, selected].find((id) => id !== null && known.has(id)) ?? ids[0];
  const go = (id: string, index: number) => {
    const element = elements.current.get(id);
    if (element) element.focus();
    else {
      awaited.current = id;
      reveal(index);
    }
  };
  return {
    entry,
    row: (id) => ({
      tabIndex: id === entry ? 0 : -1,
      ref: (element) => {
        if (!element) {
          elements.current.delete(id);
          return;
        }
        elements.current.set(id, element);
        if (awaited.current !== id) return;
        awaited.current = null;
        element.focus({ preventScroll: true });
      },
      onFocus: () => setFocused(id),
      onKeyDown: (event) => {
        const to = target(event.key, ids.indexOf(id), ids.length);
        const next = to === null ? undefined : ids[to];
        if (to === null || next === undefined) return onKey(id, event);
        event.preventDefault();
        go(next, to);
      },
    }),
  };
}
