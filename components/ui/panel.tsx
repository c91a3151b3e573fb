import type { ComponentProps } from 'react';
import { classes } from './classes.ts';

/** A surface with a border. */
export function Panel({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      className={classes('rounded-lg border border-line bg-surface shadow-card', className)}
      {...rest}
    />
  );
}
