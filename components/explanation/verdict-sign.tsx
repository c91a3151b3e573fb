import { Check, CircleQuestionMark, CircleSlash, Contrast, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { classes } from '#components/ui/classes.ts';
import type { Verdict } from '#lib/engine/explanation.ts';

type Shown = Verdict | 'mixed';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly disc: string;
}

const LOOKS: Readonly<Record<Shown, Look>> = {
  allowed: { icon: Check, tone: 'positive', disc: 'bg-positive-soft text-positive' },
  blocked: { icon: CircleSlash, tone: 'negative', disc: 'bg-negative-soft text-negative' },
  unknown: { icon: CircleQuestionMark, tone: 'caution', disc: 'bg-caution-soft text-caution' },
  mixed: { icon: Contrast, tone: 'accent', disc: 'bg-accent-soft text-accent-text' },
};

/** A verdict as sign and word; the colour repeats them. */
export function VerdictBadge({ verdict }: { readonly verdict: Shown }) {
  const { icon: Icon, tone } = LOOKS[verdict];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {verdict}
    </Badge>
  );
}

/** The sign alone on a disc; the words stand beside it. */
export function VerdictSign({
  verdict,
  className = 'size-10',
}: {
  readonly verdict: Shown;
  readonly className?: string;
}) {
  const { icon: Icon, disc } = LOOKS[verdict];
  return (
    <span
      aria-hidden
      className={classes(
        'inline-flex shrink-0 items-center justify-center rounded-full [&>svg]:size-1/2',
        disc,
        className,
      )}
    >
      <Icon strokeWidth={2.25} />
    </span>
  );
}
