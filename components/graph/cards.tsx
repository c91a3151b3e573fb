import { memo, type Ref } from 'react';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { EdgeLabel } from './edge-labels.ts';
import type { Emphasis } from './emphasis.ts';
import { around, type Geometry } from './geometry.ts';
import { LitEdges } from './lit-edges.tsx';
import { type CardState, NodeCard } from './node-card.tsx';

/**
 * The cards above the canvas, as HTML: text stays sharp at every zoom and takes the page's fonts
 * and theme. The canvas moves this layer with its own camera. When something stands out, a veil lies
 * over all the rest, so that pointing at a card touches the few that stand out and no others.
 */
export const Cards = memo(function Cards({
  view,
  geometry,
  emphasis,
  selected,
  labels,
  isDetailed,
  layerRef,
}: {
  readonly view: GraphView;
  readonly geometry: Geometry;
  readonly emphasis: Emphasis;
  readonly selected: string | null;
  readonly labels: readonly EdgeLabel[];
  /** Whether cards have their small print. */
  readonly isDetailed: boolean;
  readonly layerRef: Ref<HTMLDivElement>;
}) {
  const { nodes: lit, edges: litEdges } = emphasis;
  const stateOf = (id: string): CardState =>
    id === selected ? 'selected' : lit?.has(id) ? 'lit' : 'plain';
  return (
    <div
      ref={layerRef}
      className="graph-cards pointer-events-none absolute top-0 left-0 origin-top-left"
    >
      {view.nodes.map((node) => {
        const box = geometry.boxes.get(node.id);
        return (
          box && (
            <NodeCard
              key={node.id}
              node={node}
              box={box}
              state={stateOf(node.id)}
              isDetailed={isDetailed}
            />
          )
        );
      })}
      {lit !== null && <Veil over={geometry} />}
      {litEdges !== null && (
        <LitEdges
          edges={view.edges.filter(({ id }) => litEdges.has(id))}
          geometry={geometry}
          selected={selected}
        />
      )}
      {labels.map(({ id, text, scale, x, y, width, height }) => (
        <span
          key={id}
          data-edge-label={id}
          className="absolute z-4 flex items-center justify-center whitespace-nowrap rounded-[5px] border border-line bg-raised font-mono text-muted leading-none"
          style={{ left: x, top: y, width, height, fontSize: 10.5 * scale }}
        >
          {text}
        </span>
      ))}
    </div>
  );
});

/** Covers all that is drawn, and as much again on every side, for windows of other proportions. */
function Veil({ over }: { readonly over: Geometry }) {
  const all = around(over.boxes.values());
  if (all === null) return null;
  const { x, y, width, height } = all;
  return (
    <div
      className="absolute z-1 animate-veil bg-canvas opacity-60"
      style={{ left: x - width, top: y - height, width: 3 * width, height: 3 * height }}
    />
  );
}
