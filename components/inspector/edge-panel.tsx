'use client';

import { ArrowRight, ArrowUpRight, Route, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useView } from '#components/data/use-view.ts';
import { explainPath } from '#components/explanation/endpoint-question.ts';
import {
  explanationHeadline,
  openPortWords,
  reasonSentence,
} from '#components/explanation/reason-text.ts';
import { counted } from '#components/explanation/sentence.ts';
import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import { Words } from '#components/explanation/words.tsx';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { ExplanationPart, ExplanationView } from '#lib/view/explanation-view.ts';
import type { GraphEdge, GraphNode, GraphQuery, GraphView } from '#lib/view/graph-view.ts';
import { formatExplainQuery, formatGraphQuery } from '#lib/view/query.ts';
import { askForNode, edgePairs, gathersNamespace, pairsQuery } from './edge-pairs.ts';

const BASIS_WORDS: Record<GraphEdge['basis'], string> = {
  rules: 'A rule of at least one side names the other.',
  open: 'Both sides let everybody: no rule names the other.',
  dns: 'Name look-ups only.',
};

function nodeName(node: GraphNode): string {
  return node.kind === 'workload' ? `${node.namespace}/${node.label}` : node.label;
}

function nodeKind(node: GraphNode): string {
  switch (node.kind) {
    case 'namespace':
      return 'Namespace';
    case 'workload':
      return node.ref.kind;
    case 'outside':
      return 'Addresses';
  }
}

function End({ node }: { readonly node: GraphNode }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <KindGlyph kind={nodeKind(node)} className="size-3.5 text-muted" />
      <span className="truncate" title={nodeName(node)}>
        {nodeName(node)}
      </span>
    </span>
  );
}

function Side({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <li className="border-line border-t px-4 py-3">
      <h3 className="font-medium text-sm">{title}</h3>
      <div className="mt-0.5 text-muted text-sm">{children}</div>
    </li>
  );
}

function Reasons({ part }: { readonly part: ExplanationPart }) {
  const { from, to, answer } = part;
  const { egress, ingress } = answer;
  return (
    <ul>
      <Side title="Egress of the source">
        <Words
          of={reasonSentence(egress.reason, { direction: 'egress', subject: from, peer: to })}
        />
      </Side>
      <Side title="Ingress of the destination">
        <Words
          of={reasonSentence(ingress.reason, { direction: 'ingress', subject: to, peer: from })}
        />
      </Side>
    </ul>
  );
}

/** Why two workloads, or a workload and addresses, may connect. */
function Connection({
  cluster,
  from,
  to,
}: {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
}) {
  const query = { from, to, port: null };
  const { data, error } = useView<ExplanationView>(cluster, `explain?${formatExplainQuery(query)}`);
  if (data === undefined)
    return error === null ? (
      <Skeleton className="m-4 h-32" />
    ) : (
      <Notice tone="negative">{error.message}</Notice>
    );
  const [part] = data.parts;
  return (
    <>
      <p className="px-4 pb-3 font-medium text-sm">{explanationHeadline(data)}.</p>
      {part !== undefined && data.parts.length === 1 && <Reasons part={part} />}
      <div className="flex items-center gap-3 border-line border-t px-4 py-3">
        <Button size="sm" asChild>
          <Link href={explainPath(cluster, query)}>
            <Route aria-hidden className="size-3.5" />
            Explain line by line
          </Link>
        </Button>
        {data.parts.length > 1 && (
          <span className="text-muted text-xs">
            {counted(data.parts.length, 'answer')}: pods or addresses differ
          </span>
        )}
      </div>
    </>
  );
}

/** The connections between workloads that an edge of namespaces gathers. */
function Pairs({
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
        {edgePairs(data, source, target).map((pair) => {
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
              <TableCell className="font-mono text-xs">
                {pair.edge.verdict === 'unknown' && (
                  <span className="font-sans text-caution">perhaps </span>
                )}
                {openPortWords(pair.edge.ports)}
              </TableCell>
            </TableRow>
          );
        })}
      </tbody>
    </Table>
  );
}

/** An edge of the map: who may connect to whom, on which ports, and why. Fills its slot. */
export function EdgePanel({
  cluster,
  edge,
  source,
  target,
  query,
  onClose,
}: {
  readonly cluster: string;
  readonly edge: GraphEdge;
  /** The drawn nodes at its ends. */
  readonly source: GraphNode;
  readonly target: GraphNode;
  /** What the map shows, so that the list counts what the edge counts. */
  readonly query: GraphQuery;
  readonly onClose: () => void;
}) {
  const [from, to] = [askForNode(source), askForNode(target)];
  return (
    <div className="h-full overflow-y-auto">
      <header className="px-4 pt-4 pb-3">
        <div className="flex items-start gap-2">
          <h2 className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 font-semibold text-base">
            <End node={source} />
            <ArrowRight aria-hidden className="size-4 shrink-0 text-faint" />
            <span className="sr-only">to</span>
            <End node={target} />
          </h2>
          <Button variant="quiet" size="icon-sm" aria-label="Close" onClick={onClose}>
            <X className="size-4" />
          </Button>
        </div>
        <p className="mt-2 flex flex-wrap items-center gap-2 text-sm">
          <VerdictBadge verdict={edge.verdict} />
          <span className="font-mono text-xs">{openPortWords(edge.ports)}</span>
          {gathersNamespace(source, target) && (
            <span className="text-muted text-xs">
              {counted(edge.connections, 'pair')} of workloads
            </span>
          )}
        </p>
        <p className="mt-1.5 text-muted text-xs">{BASIS_WORDS[edge.basis]}</p>
      </header>
      {from === null || to === null ? (
        <Pairs cluster={cluster} source={source} target={target} query={query} />
      ) : (
        <Connection cluster={cluster} from={from} to={to} />
      )}
    </div>
  );
}
