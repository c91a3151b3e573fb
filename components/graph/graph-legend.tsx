'use client';

import { ChevronDown, CircleQuestionMark, Contrast, Globe, Lock, LockOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';

/** What the picture means. Shape and words carry it, colour repeats it. */
export function GraphLegend() {
  const [open, setOpen] = useState(true);
  return (
    <section
      aria-label="Legend"
      className="pointer-events-auto w-64 rounded-lg border border-line bg-raised/95 text-xs shadow-card backdrop-blur-sm"
    >
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-8 w-full items-center gap-2 rounded-lg px-3 text-left font-medium"
      >
        <Line kind="rules" />
        <span className="flex-1">may connect on these ports</span>
        <ChevronDown
          aria-hidden
          className={`size-3.5 text-muted transition-transform ${open ? '' : '-rotate-90'}`}
        />
      </button>
      {open && (
        <ul className="flex flex-col gap-1 px-3 pb-2.5 text-muted">
          <Entry sign={<Line kind="unknown" />}>perhaps: a reason is named inside</Entry>
          <Entry sign={<Line kind="quiet" />}>default-open, or DNS alone</Entry>
          <Entry sign={<Lock aria-hidden className="size-3.5" />}>
            isolated: only rules permit
          </Entry>
          <Entry sign={<LockOpen aria-hidden className="size-3.5 text-caution" />}>
            open: no policy selects it
          </Entry>
          <Entry sign={<Contrast aria-hidden className="size-3.5 text-caution" />}>
            mixed: some pods are open
          </Entry>
          <Entry sign={<CircleQuestionMark aria-hidden className="size-3.5 text-caution" />}>
            unknown: policies not readable
          </Entry>
          <Entry sign={<Globe aria-hidden className="size-3.5 text-caution" />}>
            a rule admits everybody
          </Entry>
        </ul>
      )}
    </section>
  );
}

function Entry({ sign, children }: { readonly sign: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-2">
      <span className="flex w-7 shrink-0 justify-center">{sign}</span>
      {children}
    </li>
  );
}

const STROKES = {
  rules: { stroke: 'var(--edge)', strokeWidth: 1.75 },
  unknown: { stroke: 'var(--caution-line)', strokeWidth: 1.5, strokeDasharray: '5 3' },
  quiet: { stroke: 'var(--edge)', strokeWidth: 1.5, strokeDasharray: '1.5 2.5' },
} as const;

function Line({ kind }: { readonly kind: keyof typeof STROKES }) {
  const style = STROKES[kind];
  return (
    <svg aria-hidden="true" width="28" height="10" viewBox="0 0 28 10" fill="none">
      <path d="M0 5h21" {...style} />
      <path d="M20 1.5 27 5l-7 3.5z" fill={style.stroke} />
    </svg>
  );
}
