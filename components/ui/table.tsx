import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';

/** A plain table in the house style. Wrap it in something that scrolls; its head sticks. */
export function Table({ className, ...rest }: ComponentProps<'table'>) {
  return (
    <table
      className={classes('w-full border-separate border-spacing-0 text-left text-sm', className)}
      {...rest}
    />
  );
}

export function TableHead({ className, ...rest }: ComponentProps<'thead'>) {
  return <thead className={classes('sticky top-0 z-10 bg-surface', className)} {...rest} />;
}

const HEADER =
  'h-8 whitespace-nowrap border-line border-b px-3 font-medium text-2xs text-muted first:pl-4 last:pr-4';

export function TableHeader({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="col" className={classes(HEADER, className)} {...rest} />;
}

export type SortOrder = 'ascending' | 'descending';

/** A header that sorts; `order` is null when the table is sorted by another column. */
export function SortHeader({
  order,
  onSort,
  isNumeric = false,
  children,
}: {
  readonly order: SortOrder | null;
  readonly onSort: () => void;
  /** Stands over numbers, which are flush right. */
  readonly isNumeric?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <th
      scope="col"
      aria-sort={order ?? 'none'}
      className={classes(HEADER, isNumeric && 'text-right')}
    >
      <button
        type="button"
        onClick={onSort}
        className={classes(
          '-mx-1 inline-flex h-6 items-center gap-1 rounded px-1 hover:text-text',
          isNumeric && 'flex-row-reverse',
        )}
      >
        {children}
        {order === 'ascending' && <ArrowUp aria-hidden className="size-3" />}
        {order === 'descending' && <ArrowDown aria-hidden className="size-3" />}
        {order === null && <span aria-hidden className="size-3" />}
      </button>
    </th>
  );
}

export function TableRow({ className, ...rest }: ComponentProps<'tr'>) {
  return (
    <tr
      className={classes(
        'outline-offset-[-2px] hover:bg-hover aria-selected:bg-accent-soft',
        className,
      )}
      {...rest}
    />
  );
}

export function TableCell({ className, ...rest }: ComponentProps<'td'>) {
  return (
    <td
      className={classes('h-9 border-line border-b px-3 first:pl-4 last:pr-4', className)}
      {...rest}
    />
  );
}
