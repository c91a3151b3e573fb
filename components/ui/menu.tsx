'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classes } from './classes.ts';

export const Menu = Radix.Root;
export const MenuTrigger = Radix.Trigger;
export const MenuChoices = Radix.RadioGroup;

const ITEM =
  'flex min-h-8 select-none items-center gap-2 rounded-md px-2 text-sm outline-none data-highlighted:bg-hover';

export function MenuContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={6}
        collisionPadding={8}
        className={classes(
          'z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-[calc(100vw-1rem)] animate-enter overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop',
          className,
        )}
        {...rest}
      />
    </Radix.Portal>
  );
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item className={classes(ITEM, className)} {...rest} />;
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** One of several, the chosen one with a tick. */
export function MenuChoice({
  children,
  className,
  ...rest
}: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem className={classes(ITEM, className)} {...rest}>
      {children}
      <Radix.ItemIndicator className="ml-auto pl-3">
        <Check aria-hidden className="size-4 text-accent-text" />
      </Radix.ItemIndicator>
    </Radix.RadioItem>
  );
}
