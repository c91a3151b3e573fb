import { Check, CircleHelp, CircleSlash, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import type { Verdict } from '#lib/engine/explanation.ts';

type Shown = Verdict | 'mixed';

const LOOKS: Readonly<Record<Shown, { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  allowed: { icon: Check, tone: 'positive' },
  blocked: { icon: CircleSlash, tone: 'negative' },
  unknown: { icon: CircleHelp, tone: 'caution' },
  mixed: { icon: CircleHelp, tone: 'caution' },
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
