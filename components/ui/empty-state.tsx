import type { ReactNode } from 'react';

/** What stands where there is nothing to show: what it is, why, and what to do about it. */
export function EmptyState({
  icon,
  title,
  headingLevel: Heading = 'h2',
  children,
  actions,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  /** `h1` where it is the whole page. */
  readonly headingLevel?: 'h1' | 'h2';
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center justify-center gap-3 px-6 py-12 text-center">
      <div
        aria-hidden
        className="flex size-11 items-center justify-center rounded-xl border border-line bg-surface text-muted shadow-card [&>svg]:size-5"
      >
        {icon}
      </div>
      <div className="max-w-md">
        <Heading className="font-semibold text-base">{title}</Heading>
        {children !== undefined && <div className="mt-1 text-muted text-sm">{children}</div>}
      </div>
      {actions !== undefined && (
        <div className="mt-1 flex flex-wrap items-center justify-center gap-2">{actions}</div>
      )}
    </div>
  );
}
