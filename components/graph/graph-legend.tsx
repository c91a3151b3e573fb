'use client';

import { Contrast, Globe, Info, Lock, LockOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';

/**
 * What the picture means: a line under it where there is room, else behind a button. Shape and
 * words carry it, colour repeats it.
 */
export function GraphLegend() {
  return (
    <section
      aria-label="Legend"
      className="@container shrink-0 border-line border-t bg-surface text-muted text-xs"
    >
      <div className="@min-[80rem]:flex hidden h-8 items-center gap-5 whitespace-nowrap px-4">
        <LegendEntries />
        <span className="ml-auto flex items-center gap-1.5 text-faint">
          Keys <Kbd>?</Kbd>
        </span>
      </div>
      <div className="@min-[80rem]:hidden flex h-8 items-center gap-3 px-3">
        <Entry sign={<Line kind="rules" />}>
          <span className="truncate font-medium text-text">may connect on these ports</span>
        </Entry>
        <Popover>
          <PopoverTrigger asChild>
            <Button variant="quiet" size="sm" className="ml-auto">
              <Info aria-hidden className="size-3.5" />
              Legend
            </Button>
          </PopoverTrigger>
          <PopoverContent aria-label="Legend" className="w-64">
            <div className="flex flex-col gap-2 px-4 py-3 text-muted text-xs">
              <LegendEntries />
            </div>
          </PopoverContent>
        </Popover>
      </div>
    </section>
  );
}

function LegendEntries() {
  return (
    <>
      <Entry sign={<Line kind="rules" />}>
        <span className="font-medium text-text">may connect on these ports</span>
      </Entry>
      <Entry sign={<Line kind="unknown" />}>perhaps: unknown, and why</Entry>
      <Entry sign={<Line kind="quiet" />}>default-open, or DNS alone</Entry>
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
    </>
  );
}

function Entry({ sign, children }: { readonly sign: ReactNode; readonly children: ReactNode }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="flex min-w-4 shrink-0 justify-center">{sign}</span>
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
