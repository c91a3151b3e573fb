import type { ReactNode } from 'react';

/** What stands where there is nothing to show: what it is, why, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: ReactNode;
  readonly title: string;
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
        <h2 className="font-semibold text-base">{title}</h2>
        {children !== undefined && <div className="mt-1 text-muted text-sm">{children}</div>}
      </div>
      {actions !== undefined && (
        <div className="mt-1 flex flex-wrap items-center justify-center gap-2">{actions}</div>
      )}
    </div>
  );
}
