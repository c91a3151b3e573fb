import { CircleQuestionMark, Contrast, Lock, LockOpen, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import type { IsolationBadge } from '#lib/view/graph-view.ts';

interface Look {
  readonly icon: LucideIcon;
  readonly word: string;
  readonly tone: Tone;
  /** What it means, after `in ingress` or `in egress`. */
  readonly meaning: string;
}

/** One look for each: the shape and the word carry the meaning, the colour repeats it. */
export const ISOLATION: Readonly<Record<IsolationBadge, Look>> = {
  isolated: {
    icon: Lock,
    word: 'isolated',
    tone: 'neutral',
    meaning: 'policies select every pod: only what their rules permit passes',
  },
  open: {
    icon: LockOpen,
    word: 'open',
    tone: 'caution',
    meaning: 'no policy selects the pods: everything passes',
  },
  mixed: {
    icon: Contrast,
    word: 'mixed',
    tone: 'caution',
    meaning: 'policies select some of the pods, the others are open',
  },
  unknown: {
    icon: CircleQuestionMark,
    word: 'unknown',
    tone: 'caution',
    meaning: 'not all policies could be read',
  },
};

/** `ingress isolated` with its sign; without the direction where a column's head says it. */
export function IsolationTag({
  direction,
  state,
  inColumn = false,
}: {
  readonly direction: 'ingress' | 'egress';
  readonly state: IsolationBadge;
  readonly inColumn?: boolean;
}) {
  const { icon: Icon, word, tone, meaning } = ISOLATION[state];
  return (
    <Badge tone={tone} title={`${direction}: ${meaning}`}>
      <Icon aria-hidden />
      {inColumn ? word : `${direction} ${word}`}
    </Badge>
  );
}
