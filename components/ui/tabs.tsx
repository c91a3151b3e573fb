'use client';

import { Tabs as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';

/** Tabs. `value` and `onValueChange` belong to the URL, so that a link opens the same tab. */
export function Tabs({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root className={classes('flex min-h-0 flex-col', className)} {...rest} />;
}

export function TabsList({ className, ...rest }: ComponentProps<typeof Radix.List>) {
  return (
    <Radix.List
      className={classes(
        'flex shrink-0 gap-4 overflow-x-auto border-line border-b px-4 [scrollbar-width:none]',
        className,
      )}
      {...rest}
    />
  );
}

const NUMBER = new Intl.NumberFormat('en');

/** One tab, with how many things are behind it where that helps. */
export function Tab({
  value,
  count,
  children,
}: {
  readonly value: string;
  readonly count?: number;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Trigger
      value={value}
      className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 font-medium text-muted text-sm outline-offset-[-2px] transition-colors hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
    >
      {children}
      {count !== undefined && (
        <span className="rounded bg-sunken px-1 font-normal text-2xs text-muted tabular-nums">
          {NUMBER.format(count)}
        </span>
      )}
    </Radix.Trigger>
  );
}

export function TabPanel({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Content
      className={classes('min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]', className)}
      {...rest}
    />
  );
}
