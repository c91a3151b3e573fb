import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

type Tone = 'info' | 'caution' | 'negative';

const TONES: Record<Tone, { readonly icon: typeof Info; readonly look: string }> = {
  info: { icon: Info, look: 'border-line bg-surface [&>svg]:text-accent-text' },
  caution: {
    icon: TriangleAlert,
    look: 'border-caution-line/40 bg-caution-soft [&>svg]:text-caution',
  },
  negative: {
    icon: CircleAlert,
    look: 'border-negative/30 bg-negative-soft [&>svg]:text-negative',
  },
};

/** A line that stands over a view and says what limits it. */
export function Notice({
  tone,
  children,
  actions,
  className,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}) {
  const { icon: Icon, look } = TONES[tone];
  return (
    <div
      role="status"
      className={classes('flex items-center gap-2.5 border-b px-4 py-1.5 text-sm', look, className)}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
      {actions}
    </div>
  );
}
