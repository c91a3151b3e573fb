import { classes } from './classes.ts';

/** Holds the place of something that is being read; give it that thing's size. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <div aria-hidden className={classes('animate-pulse-soft rounded-md bg-line/80', className)} />
  );
}
