import type { ReactNode } from 'react';

/** A key to press. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded border border-line-strong/70 bg-surface px-1 font-sans text-[10.5px] text-muted">
      {children}
    </kbd>
  );
}
