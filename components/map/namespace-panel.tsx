import { ChevronsDownUp, ChevronsUpDown, Maximize2 } from 'lucide-react';
import Link from 'next/link';
import { countText } from '#components/status/count-text.ts';
import { ISOLATION, IsolationTag } from '#components/status/isolation.tsx';
import { Button } from '#components/ui/button.tsx';
import type { NamespaceNode } from '#lib/view/graph-view.ts';
import { namespacePath } from './namespace-path.ts';
import { PanelHead } from './panel-head.tsx';

/** A namespace beside the map. */
export function NamespacePanel({
  cluster,
  node,
  onToggle,
  onClose,
}: {
  readonly cluster: string;
  readonly node: Omit<NamespaceNode, 'kind' | 'id' | 'label' | 'parent'>;
  /** Left out where the picture does not draw it. */
  readonly onToggle?: (namespace: string) => void;
  readonly onClose: () => void;
}) {
  const Fold = node.collapsed ? ChevronsUpDown : ChevronsDownUp;
  return (
    <div className="h-full overflow-y-auto">
      <PanelHead kind="Namespace" title={node.namespace} onClose={onClose}>
        <p className="mt-1 text-muted">
          {countText(node.workloads, 'workload')}, {countText(node.pods, 'pod')}
          {node.collapsed &&
            node.inside > 0 &&
            `; ${countText(node.inside, 'connection')} between them, out of sight in one box`}
        </p>
        <div className="mt-3 flex flex-wrap gap-2">
          {onToggle && (
            <Button size="sm" onClick={() => onToggle(node.namespace)}>
              <Fold aria-hidden className="size-3.5" />
              {node.collapsed ? 'Expand in the map' : 'Collapse to one box'}
            </Button>
          )}
          <Button size="sm" asChild>
            <Link href={namespacePath(cluster, node.namespace)}>
              <Maximize2 aria-hidden className="size-3.5" />
              This namespace alone
            </Link>
          </Button>
        </div>
      </PanelHead>
      <dl>
        {(['ingress', 'egress'] as const).map((direction) => (
          <div key={direction} className="border-line border-t px-4 py-3">
            <dt>
              <IsolationTag direction={direction} state={node[direction]} />
            </dt>
            <dd className="mt-1.5 text-muted">
              {direction === 'ingress' ? 'For what comes in, ' : 'For what goes out, '}
              {ISOLATION[node[direction]].meaning}.
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
