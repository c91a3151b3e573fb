import type { MapUrl } from '#components/map/use-map-url.ts';
import { SortHeader, type SortOrder, TableHead } from '#components/ui/table.tsx';
import { type Column, nextSort, type SortKey } from './columns.ts';

/** The head of a table whose order stands in the URL. */
export function SortedHead<Row>({
  columns,
  url,
}: {
  readonly columns: readonly Column<Row>[];
  readonly url: MapUrl;
}) {
  return (
    <TableHead>
      <tr>
        {columns.map(({ id, title, isNumeric }) => (
          <SortHeader
            key={id}
            order={orderOf(id, url.sort)}
            onSort={() => url.setSort(nextSort(id, url.sort))}
            isNumeric={isNumeric === true}
          >
            {title}
          </SortHeader>
        ))}
      </tr>
    </TableHead>
  );
}

function orderOf(column: string, sort: SortKey | null): SortOrder | null {
  if (sort === column) return 'ascending';
  return sort === `-${column}` ? 'descending' : null;
}
