'use client';

import { ArrowRight, X } from 'lucide-react';
import { counted } from '#components/explanation/sentence.ts';
import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import { numberText } from '#components/status/count-text.ts';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Button } from '#components/ui/button.tsx';
import type { GraphEdge, GraphNode, GraphQuery } from '#lib/view/graph-view.ts';
import { EdgeConnection } from './edge-connection.tsx';
import { askForNode, gathersNamespace, nodeKind, nodeName } from './edge-pairs.ts';
import { EdgePairsTable } from './edge-pairs-table.tsx';
import { PortWords } from './port-words.tsx';

const BASIS_WORDS: Record<GraphEdge['basis'], string> = {
  rules: 'A rule of at least one side names the other.',
  open: 'Both sides let everybody: no rule names the other.',
  dns: 'Name look-ups only.',
};

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
          <PortWords ports={edge.ports} />
          {gathersNamespace(source, target) && (
            <span className="text-muted text-xs">
              {counted(edge.connections, 'pair')} of workloads
            </span>
          )}
        </p>
        <p className="mt-1.5 text-muted text-xs">{BASIS_WORDS[edge.basis]}</p>
        {[source, target].map(
          (node) =>
            node.kind === 'workloads' && (
              <p key={node.id} className="mt-1.5 text-muted text-xs">
                No policy tells the {numberText(node.count)} apart: what is said of{' '}
                {node.examples[0]} holds for each of them.
              </p>
            ),
        )}
      </header>
      {from === null || to === null ? (
        <EdgePairsTable cluster={cluster} source={source} target={target} query={query} />
      ) : (
        <EdgeConnection cluster={cluster} from={from} to={to} />
      )}
    </div>
  );
}
