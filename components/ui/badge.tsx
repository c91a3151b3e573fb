import type { ComponentProps } from 'react';
import { classes } from './classes.ts';

export type Tone = 'neutral' | 'accent' | 'positive' | 'negative' | 'caution';

const TONES: Record<Tone, string> = {
  neutral: 'bg-sunken text-muted',
  accent: 'bg-accent-soft text-accent-text',
  positive: 'bg-positive-soft text-positive',
  negative: 'bg-negative-soft text-negative',
  caution: 'bg-caution-soft text-caution',
};

/** A word on a tint. The word carries the meaning; the tint only repeats it. */
export function Badge({
  tone = 'neutral',
  className,
  ...rest
}: ComponentProps<'span'> & { readonly tone?: Tone }) {
  return (
    <span
      className={classes(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-[5px] px-1.5 font-medium text-2xs [&>svg]:size-3 [&>svg]:shrink-0',
        TONES[tone],
        className,
      )}
      {...rest}
    />
  );
}
