import type { ComponentProps, ReactNode } from 'react';
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

/** A title line of a panel or side panel, with actions at its end. */
export function PanelHeader({
  title,
  actions,
  className,
}: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={classes('flex min-h-11 items-center gap-3 px-4', className)}>
      <h2 className="min-w-0 flex-1 truncate font-semibold text-sm">{title}</h2>
      {actions}
    </div>
  );
}
