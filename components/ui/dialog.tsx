'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

export const Dialog = Radix.Root;

/** The window of a dialog. `title` is shown unless `bare`, then it is for screen readers only. */
export function DialogContent({
  title,
  description,
  bare = false,
  className,
  children,
}: {
  readonly title: string;
  readonly description?: string;
  readonly bare?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-enter dark:bg-black/60" />
      <Radix.Content
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        className={classes(
          'fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-y-auto rounded-xl border border-line bg-raised shadow-pop outline-none',
          className,
        )}
      >
        <div className={bare ? 'sr-only' : 'pt-4 pr-12 pl-5'}>
          <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-0.5 text-muted text-sm">
              {description}
            </Radix.Description>
          )}
        </div>
        {children}
        {/* Last, so that the focus starts with what the dialog is for. */}
        {!bare && (
          <Radix.Close asChild>
            <Button
              variant="quiet"
              size="icon-sm"
              aria-label="Close"
              className="absolute top-3 right-3"
            >
              <X className="size-4" />
            </Button>
          </Radix.Close>
        )}
      </Radix.Content>
    </Radix.Portal>
  );
}
