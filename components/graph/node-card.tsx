import { Boxes, Globe, SquareStack } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { countText, numberText } from '#components/status/count-text.ts';
import { ISOLATION } from '#components/status/isolation.tsx';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { classes } from '#components/ui/classes.ts';
import type {
  BundleNode,
  GraphNode,
  IsolationBadge,
  NamespaceNode,
  OutsideNode,
  RestNode,
  WorkloadNode,
} from '#lib/view/graph-view.ts';
import { isFrame } from './card-size.ts';
import type { Box } from './geometry.ts';

/** What stands out lies over the veil. */
export type CardState = 'plain' | 'lit' | 'selected';

/** One node of the picture, at its place in the graph's own units. */
export const NodeCard = memo(function NodeCard({
  node,
  box,
  state,
  isDetailed,
}: {
  readonly node: GraphNode;
  readonly box: Box;
  readonly state: CardState;
  /** Whether its small print is in the page; from afar it is out of sight in any case. */
  readonly isDetailed: boolean;
}) {
  return (
    <div
      data-node={node.id}
      data-state={state}
      className={classes(
        'absolute',
        state !== 'plain' && 'z-3',
        state !== 'plain' && isFrame(node) && 'rounded-[14px] border',
        isFrame(node) && (state === 'selected' ? 'border-accent' : 'border-line-strong'),
      )}
      style={{
        left: box.x,
        top: box.y,
        width: box.width,
        height: box.height,
        ['--far-size' as string]: `${farSize(node, box)}px`,
      }}
    >
      <CardFace node={node} selected={state === 'selected'} isDetailed={isDetailed} />
      <Exposure node={node} />
    </div>
  );
});

/** The largest size in which the name still fits, for a card that shows nothing else. */
function farSize(node: GraphNode, { width }: Box): number {
  const advance = node.kind === 'outside' ? 0.62 : 0.6;
  const fitting = (width - 20) / (node.label.length * advance);
  return Math.floor(Math.min(node.kind === 'namespace' ? 30 : 22, Math.max(14, fitting)));
}

interface FaceProps<Node extends GraphNode> {
  readonly node: Node;
  readonly selected: boolean;
}

type Detailed<Node extends GraphNode> = FaceProps<Node> & { readonly isDetailed: boolean };

function CardFace({ node, selected, isDetailed }: Detailed<GraphNode>) {
  switch (node.kind) {
    case 'workload':
    case 'workloads':
      return <WorkloadFace node={node} selected={selected} isDetailed={isDetailed} />;
    case 'namespace':
      return node.collapsed ? (
        <NamespaceFace node={node} selected={selected} isDetailed={isDetailed} />
      ) : (
        <FrameTitle node={node} selected={selected} />
      );
    case 'outside':
      return <OutsideFace node={node} selected={selected} />;
    case 'rest':
      return <RestFace node={node} selected={selected} />;
  }
}

const FACE = 'size-full overflow-hidden border bg-raised shadow-card';
const SELECTED = 'border-accent ring-2 ring-accent/35';

function WorkloadFace({ node, selected, isDetailed }: Detailed<WorkloadNode | BundleNode>) {
  const face = (
    <div
      className={classes(
        FACE,
        'relative flex flex-col justify-center rounded-[9px] px-2.5',
        selected ? SELECTED : 'border-line-strong/80',
      )}
    >
      <div className="flex items-center gap-1.5">
        {isDetailed &&
          (node.kind === 'workload' ? (
            <KindGlyph kind={node.ref.kind} className="size-3.5 text-faint near-only" />
          ) : (
            <SquareStack aria-hidden className="size-3.5 shrink-0 text-accent-text near-only" />
          ))}
        <span className="card-name min-w-0 flex-1 truncate font-medium text-sm/5 text-text">
          {node.label}
        </span>
        {isDetailed && <Pods count={node.pods} />}
      </div>
      {isDetailed && <WorkloadNotes node={node} />}
    </div>
  );
  return node.kind === 'workload' ? face : <Stack>{face}</Stack>;
}

/** How policies isolate it, and whom rules admit all the same. */
function WorkloadNotes({ node }: { readonly node: WorkloadNode | BundleNode }) {
  return (
    <div className="near-only mt-0.5 flex items-center gap-2.5 overflow-hidden whitespace-nowrap text-2xs text-muted">
      {node.hostNetwork ? (
        <span className="font-medium text-caution">host network</span>
      ) : (
        <>
          <Isolation direction="in" state={node.ingress} />
          <Isolation direction="out" state={node.egress} />
        </>
      )}
      {node.openTo !== null && (
        <span className="ml-auto flex min-w-0 items-center gap-1 text-caution">
          <Globe aria-hidden className="size-3 shrink-0" />
          <span className="truncate">all {node.openTo === 'all' ? 'ports' : node.openTo}</span>
        </span>
      )}
    </div>
  );
}

/** Something drawn as one that stands for several: a second sheet looks out from under it. */
function Stack({ children }: { readonly children: ReactNode }) {
  return (
    <div className="relative size-full">
      <div className="absolute inset-x-3 -bottom-[5px] h-3 rounded-b-[10px] border border-line-strong/60 bg-surface" />
      {children}
    </div>
  );
}

function NamespaceFace({ node, selected, isDetailed }: Detailed<NamespaceNode>) {
  return (
    <Stack>
      <div
        className={classes(
          FACE,
          'relative flex flex-col justify-center gap-0.5 rounded-[11px] px-3.5',
          selected ? SELECTED : 'border-line-strong',
        )}
      >
        <div className="flex items-center gap-2">
          {isDetailed && (
            <Boxes aria-hidden className="near-only size-4 shrink-0 text-accent-text" />
          )}
          <span className="card-name min-w-0 flex-1 truncate font-semibold text-base/5 text-text">
            {node.label}
          </span>
        </div>
        {isDetailed && (
          <div className="near-only flex items-center gap-2.5 whitespace-nowrap text-2xs text-muted">
            <span>{counts(node)}</span>
            <span className="ml-auto flex gap-2">
              <Isolation direction="in" state={node.ingress} />
              <Isolation direction="out" state={node.egress} />
            </span>
          </div>
        )}
      </div>
    </Stack>
  );
}

/** The title of a namespace's frame; the frame itself lies under the edges, on the canvas. */
function FrameTitle({ node, selected }: FaceProps<NamespaceNode>) {
  return (
    // Each word on the frame's own colour: edges that enter from above pass behind it.
    <div className="@container flex h-11 items-center gap-1 px-3 [&>span]:rounded [&>span]:bg-frame [&>span]:px-1">
      <span
        className={classes(
          'card-name frame-name text-left! truncate font-semibold text-sm',
          selected ? 'text-accent-text' : 'text-text',
        )}
      >
        {node.label}
      </span>
      <span className="near-only @max-[17rem]:hidden whitespace-nowrap text-2xs text-faint">
        {counts(node)}
      </span>
      <span className="near-only ml-auto shrink-0 flex gap-2.5 text-2xs text-muted">
        <Isolation direction="in" state={node.ingress} />
        <Isolation direction="out" state={node.egress} />
      </span>
    </div>
  );
}

function OutsideFace({ node, selected }: FaceProps<OutsideNode>) {
  return (
    <div
      className={classes(
        'flex size-full items-center justify-center gap-2 overflow-hidden rounded-full border border-dashed bg-canvas px-2.5',
        selected ? SELECTED : 'border-line-strong',
      )}
    >
      <Globe aria-hidden className="near-only size-4 shrink-0 text-faint" />
      <div className="min-w-0">
        <div className="card-name truncate font-medium font-mono text-xs text-text">
          {node.label}
        </div>
        <div className="near-only truncate text-2xs text-faint leading-3.5">
          outside the cluster
        </div>
      </div>
    </div>
  );
}

/** What did not fit: plainly no object of the cluster. */
function RestFace({ node, selected }: FaceProps<RestNode>) {
  return (
    <Stack>
      <div
        className={classes(
          'relative flex size-full flex-col justify-center overflow-hidden rounded-[9px] border border-dashed bg-canvas px-3',
          selected ? SELECTED : 'border-line-strong',
        )}
      >
        <span className="card-name truncate font-medium text-muted text-sm/5">{node.label}</span>
        <span className="near-only truncate text-2xs text-faint">
          {node.of === 'outside'
            ? 'drawn as one'
            : `${node.of === 'namespaces' ? `${countText(node.workloads, 'workload')} · ` : ''}${countText(node.pods, 'pod')}`}
        </span>
      </div>
    </Stack>
  );
}

/** Seen from afar, the one sign that is left: that not everything about this node is closed. */
function Exposure({ node }: { readonly node: GraphNode }) {
  if (!('ingress' in node) || isFrame(node)) return null;
  const states = [node.ingress, node.egress];
  const state = (['unknown', 'open', 'mixed'] as const).find((each) => states.includes(each));
  const isAdmitting = node.kind !== 'namespace' && node.openTo !== null;
  if (state === undefined && !isAdmitting) return null;
  const Sign = state === undefined ? Globe : ISOLATION[state].icon;
  return (
    <span className="far-only absolute -top-3 -right-3 flex size-8 items-center justify-center rounded-full border border-caution-line/60 bg-caution-soft text-caution">
      <Sign aria-hidden className="size-5" />
    </span>
  );
}

/** How many pods, as a factor. */
function Pods({ count }: { readonly count: number }) {
  return (
    <span className="near-only shrink-0 text-2xs text-faint tabular-nums">
      ×{numberText(count)}
    </span>
  );
}

/** The small form of an isolation: sign and direction; amber and an open lock where all may pass. */
function Isolation({
  direction,
  state,
}: {
  readonly direction: 'in' | 'out';
  readonly state: IsolationBadge;
}) {
  const Icon = ISOLATION[state].icon;
  return (
    <span
      className={classes(
        'flex items-center gap-1',
        ISOLATION[state].tone === 'caution' && 'text-caution',
      )}
    >
      <Icon aria-hidden className="size-3" />
      {direction}
    </span>
  );
}

function counts({ workloads, pods }: NamespaceNode): string {
  return `${countText(workloads, 'workload')} · ${countText(pods, 'pod')}`;
}
