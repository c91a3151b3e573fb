'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { OnPoint } from '#components/graph/graph-canvas.tsx';
import type { MapUrl } from '#components/map/use-map-url.ts';
import { countText } from '#components/status/count-text.ts';
import { IsolationTag } from '#components/status/isolation.tsx';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { TableCell } from '#components/ui/table.tsx';
import type { GraphNode } from '#lib/view/graph-view.ts';
import { NODE_COLUMNS } from './columns.ts';
import type { NodeRow } from './map-rows.ts';
import { RowGrid } from './row-grid.tsx';
import { SortedHead } from './sorted-head.tsx';

/** Workloads, namespaces and address ranges. Enter selects; → and ← open and close a namespace. */
export function NodeTable({
  rows,
  url,
  onPoint,
  onToggle,
}: {
  readonly rows: readonly NodeRow[];
  readonly url: MapUrl;
  readonly onPoint: OnPoint;
  readonly onToggle: (namespace: string) => void;
}) {
  const onKey = ({ node }: NodeRow, event: KeyboardEvent) => {
    if (node.kind !== 'namespace' || !isTurn(event.key, node.collapsed)) return;
    event.preventDefault();
    onToggle(node.namespace);
  };
  return (
    <RowGrid
      label="Workloads"
      columns={NODE_COLUMNS}
      head={<SortedHead columns={NODE_COLUMNS} url={url} />}
      rows={rows}
      selected={url.selected}
      onSelect={url.select}
      onPoint={onPoint}
      onKey={onKey}
      cells={(row) => (
        <>
          <TableCell>
            <Name row={row} onToggle={onToggle} />
          </TableCell>
          <TableCell className="truncate text-muted">{row.kind}</TableCell>
          <TableCell className="text-right tabular-nums">{row.pods}</TableCell>
          <Isolation node={row.node} />
          <TableCell className="text-right tabular-nums">{row.incoming}</TableCell>
          <TableCell className="text-right tabular-nums">{row.outgoing}</TableCell>
        </>
      )}
    />
  );
}

function isTurn(key: string, isCollapsed: boolean): boolean {
  return key === (isCollapsed ? 'ArrowRight' : 'ArrowLeft');
}

function Name({
  row,
  onToggle,
}: {
  readonly row: NodeRow;
  readonly onToggle: (namespace: string) => void;
}) {
  const { node } = row;
  return (
    <span className="flex items-center gap-2">
      {node.kind === 'namespace' ? (
        <button
          type="button"
          tabIndex={-1}
          aria-expanded={!node.collapsed}
          aria-label={`${node.collapsed ? 'Expand' : 'Collapse'} ${node.label}`}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(node.namespace);
          }}
          className="-ml-1 rounded text-muted hover:bg-line hover:text-text"
        >
          {node.collapsed ? (
            <ChevronRight className="size-4" />
          ) : (
            <ChevronDown className="size-4" />
          )}
        </button>
      ) : (
        <span className="ml-5 text-faint">
          <KindGlyph kind={row.kind} />
        </span>
      )}
      <span className="truncate" title={row.name}>
        {node.kind === 'workload' && <span className="text-faint">{node.namespace}/</span>}
        <span className="font-medium">{node.label}</span>
      </span>
      {node.kind === 'namespace' && node.collapsed && node.inside > 0 && (
        <Badge>{countText(node.inside, 'connection')} inside</Badge>
      )}
      {node.kind === 'workload' && node.openTo !== null && (
        <Badge tone="caution">open to all: {node.openTo}</Badge>
      )}
    </span>
  );
}

function Isolation({ node }: { readonly node: GraphNode }) {
  if (!('ingress' in node)) return <TableCell colSpan={2} className="text-faint" />;
  if (node.kind === 'workload' && node.hostNetwork) {
    return (
      <TableCell colSpan={2}>
        <Badge tone="caution">host network: no policy applies</Badge>
      </TableCell>
    );
  }
  return (
    <>
      <TableCell>
        <IsolationTag direction="ingress" state={node.ingress} inColumn />
      </TableCell>
      <TableCell>
        <IsolationTag direction="egress" state={node.egress} inColumn />
      </TableCell>
    </>
  );
}
