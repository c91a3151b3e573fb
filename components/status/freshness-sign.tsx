import { CircleAlert, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { FreshnessText } from './freshness-text.ts';

/** The sign before the word: a ring, a dot, a turning circle, a triangle or an alarm. */
export function FreshnessSign({ tone }: { readonly tone: FreshnessText['tone'] }) {
  switch (tone) {
    case 'idle':
      return (
        <span aria-hidden className="size-2 shrink-0 rounded-full border-[1.5px] border-faint" />
      );
    case 'live':
      return <span aria-hidden className="size-2 shrink-0 rounded-full bg-positive" />;
    case 'waiting':
      return (
        <LoaderCircle aria-hidden className="size-3.5 shrink-0 animate-spin text-accent-text" />
      );
    case 'caution':
      return <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-caution" />;
    case 'failed':
      return <CircleAlert aria-hidden className="size-3.5 shrink-0 text-negative" />;
  }
}
