import { Contrast, Globe, Lock, LockOpen } from 'lucide-react';
import type { ReactNode } from 'react';

/** What the picture means, in one line under it. Shape and words carry it, colour repeats it. */
export function GraphLegend() {
  return (
    <section
      aria-label="Legend"
      className="flex h-8 shrink-0 items-center gap-5 overflow-x-auto whitespace-nowrap border-line border-t bg-surface px-4 text-muted text-xs [scrollbar-width:none]"
    >
      <Entry sign={<Line kind="rules" />}>
        <span className="font-medium text-text">may connect on these ports</span>
      </Entry>
      <Entry sign={<Line kind="unknown" />}>perhaps: unknown, and why</Entry>
      <Entry sign={<Line kind="quiet" />}>default-open, or DNS alone</Entry>
      <span aria-hidden className="h-3.5 w-px shrink-0 bg-line" />
      <Entry sign={<Lock aria-hidden className="size-3.5" />}>isolated: only rules permit</Entry>
      <Entry sign={<LockOpen aria-hidden className="size-3.5 text-caution" />}>
        open: no policy selects it
      </Entry>
      <Entry sign={<Contrast aria-hidden className="size-3.5 text-caution" />}>
        mixed: some pods are open
      </Entry>
      <Entry sign={<Globe aria-hidden className="size-3.5 text-caution" />}>
        rules admit everybody
      </Entry>
    </section>
  );
}

function Entry({ sign, children }: { readonly sign: ReactNode; readonly children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      {sign}
      {children}
    </span>
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
