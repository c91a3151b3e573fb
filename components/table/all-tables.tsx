'use client';

import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import type { OnPoint } from '#components/graph/graph-canvas.tsx';
import { namespacePath } from '#components/map/namespace-path.ts';
import type { MapUrl } from '#components/map/use-map-url.ts';
import { numberText, shareText } from '#components/status/count-text.ts';
import { IsolationTag } from '#components/status/isolation.tsx';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { TableCell } from '#components/ui/table.tsx';
import { refKey } from '#lib/model/object-ref.ts';
import { formatNamespacesQuery, formatWorkloadsQuery } from '#lib/view/query.ts';
import {
  NAMESPACE_SORTS,
  type NamespaceRow,
  WORKLOAD_SORTS,
  type WorkloadRow,
} from '#lib/view/table-view.ts';
import type { Column } from './columns.ts';
import { PagedGrid } from './paged-grid.tsx';
import { useLate } from './use-late.ts';
import { usePagedRows } from './use-paged-rows.ts';

/** Everything there is, drawn or not: the server filters, sorts and pages. */

function Isolations({ row }: { readonly row: NamespaceRow | WorkloadRow }) {
  return (
    <>
      <TableCell>
        <IsolationTag direction="ingress" state={row.ingress} inColumn />
      </TableCell>
      <TableCell>
        <IsolationTag direction="egress" state={row.egress} inColumn />
      </TableCell>
    </>
  );
}

const NAMESPACE_COLUMNS: readonly Column<NamespaceRow>[] = [
  { id: 'name', title: 'Namespace', value: ({ name }) => name },
  {
    id: 'workloads',
    title: 'Workloads',
    value: ({ workloads }) => workloads,
    isNumeric: true,
    width: '6.5rem',
  },
  {
    id: 'pods',
    title: 'Pods',
    value: ({ coverage }) => coverage.pods,
    isNumeric: true,
    width: '5.5rem',
  },
  { id: 'ingress', title: 'Ingress', value: ({ ingress }) => ingress, width: '7rem' },
  { id: 'egress', title: 'Egress', value: ({ egress }) => egress, width: '7rem' },
  {
    id: 'open',
    title: 'Open pods',
    value: ({ coverage }) => coverage.pods - coverage.ingress,
    isNumeric: true,
    width: '8rem',
  },
];

const namespaceId = ({ name }: NamespaceRow) => `ns:${name}`;

export function AllNamespaces({
  cluster,
  url,
}: {
  readonly cluster: string;
  readonly url: MapUrl;
}) {
  const words = useLate(url.filter);
  const sort = NAMESPACE_SORTS.find((each) => each === url.sort) ?? 'name';
  const paged = usePagedRows<NamespaceRow>(cluster, 'namespaces', (after) =>
    formatNamespacesQuery({ words, sort, after }),
  );
  return (
    <PagedGrid
      label="All namespaces"
      noun="namespace"
      columns={NAMESPACE_COLUMNS}
      sorts={NAMESPACE_SORTS}
      sort={sort}
      url={url}
      paged={paged}
      idOf={namespaceId}
      cells={(row) => {
        const open = row.coverage.pods - row.coverage.ingress;
        return (
          <>
            <TableCell>
              <Link
                href={namespacePath(cluster, row.name)}
                tabIndex={-1}
                onClick={(event) => event.stopPropagation()}
                className="group flex min-w-0 items-center gap-1.5 font-medium hover:underline"
              >
                <KindGlyph kind="Namespace" className="size-3.5 text-faint" />
                <span className="truncate">{row.name}</span>
                <ArrowRight aria-hidden className="size-3.5 opacity-0 group-hover:opacity-100" />
              </Link>
            </TableCell>
            <TableCell className="text-right tabular-nums">{numberText(row.workloads)}</TableCell>
            <TableCell className="text-right tabular-nums">
              {numberText(row.coverage.pods)}
            </TableCell>
            <Isolations row={row} />
            <TableCell className="whitespace-nowrap text-right tabular-nums">
              {open === 0 ? (
                <span className="text-faint">0</span>
              ) : (
                <>
                  {numberText(open)}{' '}
                  <span className="text-faint">{shareText(open, row.coverage.pods)}</span>
                </>
              )}
            </TableCell>
          </>
        );
      }}
    />
  );
}

const WORKLOAD_COLUMNS: readonly Column<WorkloadRow>[] = [
  { id: 'name', title: 'Workload', value: ({ ref }) => ref.name },
  { id: 'kind', title: 'Kind', value: ({ ref }) => ref.kind, width: '7rem' },
  { id: 'pods', title: 'Pods', value: ({ pods }) => pods, isNumeric: true, width: '5.5rem' },
  { id: 'open', title: 'Ingress', value: ({ ingress }) => ingress, width: '7rem' },
  { id: 'egress', title: 'Egress', value: ({ egress }) => egress, width: '7rem' },
];

const workloadId = ({ ref }: WorkloadRow) => refKey(ref);

export function AllWorkloads({
  cluster,
  namespace,
  bundle = null,
  url,
  onPoint,
}: {
  readonly cluster: string;
  /** Null for those of all namespaces. */
  readonly namespace: string | null;
  /** The key of a bundle of the picture; null for all. */
  readonly bundle?: string | null;
  readonly url: MapUrl;
  readonly onPoint: OnPoint;
}) {
  const words = useLate(url.filter);
  const sort = WORKLOAD_SORTS.find((each) => each === url.sort) ?? 'name';
  const paged = usePagedRows<WorkloadRow>(cluster, 'workloads', (after) =>
    formatWorkloadsQuery({ namespace, bundle, words, sort, after }),
  );
  return (
    <PagedGrid
      label="All workloads"
      noun="workload"
      columns={WORKLOAD_COLUMNS}
      sorts={WORKLOAD_SORTS}
      sort={sort}
      url={url}
      paged={paged}
      idOf={workloadId}
      onPoint={onPoint}
      cells={(row) => (
        <>
          <TableCell>
            <span className="flex min-w-0 items-center gap-2">
              <KindGlyph kind={row.ref.kind} className="size-3.5 text-faint" />
              <span className="truncate" title={workloadId(row)}>
                {namespace === null && <span className="text-faint">{row.ref.namespace}/</span>}
                <span className="font-medium">{row.ref.name}</span>
              </span>
              {row.openTo !== null && <Badge tone="caution">open to all: {row.openTo}</Badge>}
            </span>
          </TableCell>
          <TableCell className="truncate text-muted">{row.ref.kind}</TableCell>
          <TableCell className="text-right tabular-nums">{numberText(row.pods)}</TableCell>
          {row.hostNetwork ? (
            <TableCell colSpan={2}>
              <Badge tone="caution">host network: no policy applies</Badge>
            </TableCell>
          ) : (
            <Isolations row={row} />
          )}
        </>
      )}
    />
  );
}
