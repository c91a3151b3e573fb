'use client';

import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { useView } from '#components/data/use-view.ts';
import { explainPath } from '#components/explanation/endpoint-question.ts';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { GraphNode, GraphQuery, GraphView } from '#lib/view/graph-view.ts';
import { formatGraphQuery } from '#lib/view/query.ts';
import { askForNode, edgePairs, nodeName, pairsQuery } from './edge-pairs.ts';
import { PortWords } from './port-words.tsx';

/** The connections between workloads that an edge of namespaces gathers. */
export function EdgePairsTable({
  cluster,
  source,
  target,
  query,
}: {
  readonly cluster: string;
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly query: GraphQuery;
}) {
  const asked = formatGraphQuery(pairsQuery(query, source, target));
  const { data, error } = useView<GraphView>(cluster, `graph?${asked}`);
  if (data === undefined)
    return error === null ? (
      <Skeleton className="m-4 h-48" />
    ) : (
      <Notice tone="negative">{error.message}</Notice>
    );
  const pairs = edgePairs(data, source, target);
  if (pairs.length === 0)
    return (
      <p className="border-line border-t px-4 py-3 text-muted text-sm">
        What did not fit into the picture is drawn as one. Choose one of the workloads in the table,
        and its own connections stand beside it.
      </p>
    );
  return (
    <Table>
      <caption className="sr-only">Connections between workloads</caption>
      <TableHead>
        <tr>
          <TableHeader>Source</TableHeader>
          <TableHeader>Destination</TableHeader>
          <TableHeader>Ports</TableHeader>
        </tr>
      </TableHead>
      <tbody>
        {pairs.map((pair) => {
          const [from, to] = [askForNode(pair.source), askForNode(pair.target)];
          return (
            <TableRow key={pair.edge.id} className="group">
              <TableCell className="max-w-36 truncate" title={nodeName(pair.source)}>
                {from === null || to === null ? (
                  pair.source.label
                ) : (
                  <Link
                    href={explainPath(cluster, { from, to, port: null })}
                    className="font-medium hover:underline"
                  >
                    {pair.source.label}
                    <ArrowUpRight
                      aria-hidden
                      className="ml-0.5 inline size-3.5 text-faint opacity-0 group-hover:opacity-100"
                    />
                    <span className="sr-only"> to {pair.target.label}: explain</span>
                  </Link>
                )}
              </TableCell>
              <TableCell className="max-w-36 truncate" title={nodeName(pair.target)}>
                {pair.target.label}
              </TableCell>
              <TableCell>
                {pair.edge.verdict === 'unknown' && <span className="text-caution">perhaps </span>}
                <PortWords ports={pair.edge.ports} />
              </TableCell>
            </TableRow>
          );
        })}
      </tbody>
    </Table>
  );
}
