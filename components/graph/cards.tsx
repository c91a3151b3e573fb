import { memo, type Ref } from 'react';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { EdgeLabel } from './edge-labels.ts';
import type { Geometry } from './geometry.ts';
import { type CardState, NodeCard } from './node-card.tsx';

/**
 * The cards above the canvas, as HTML: text stays sharp at every zoom and takes the page's fonts
 * and theme. The canvas moves this layer with its own camera.
 */
export const Cards = memo(function Cards({
  view,
  geometry,
  lit,
  selected,
  labels,
  layerRef,
}: {
  readonly view: GraphView;
  readonly geometry: Geometry;
  readonly lit: ReadonlySet<string> | null;
  readonly selected: string | null;
  readonly labels: readonly EdgeLabel[];
  readonly layerRef: Ref<HTMLDivElement>;
}) {
  const stateOf = (id: string): CardState =>
    id === selected ? 'selected' : lit === null || lit.has(id) ? 'plain' : 'dimmed';
  return (
    <div
      ref={layerRef}
      className="graph-cards pointer-events-none absolute top-0 left-0 origin-top-left"
    >
      {view.nodes.map((node) => {
        const box = geometry.boxes.get(node.id);
        return box && <NodeCard key={node.id} node={node} box={box} state={stateOf(node.id)} />;
      })}
      {labels.map(({ id, text, scale, x, y, width, height }) => (
        <span
          key={id}
          data-edge-label={id}
          className="absolute top-0 left-0 flex items-center justify-center whitespace-nowrap rounded-[5px] border border-line bg-raised font-mono text-muted leading-none"
          style={{
            transform: `translate(${x}px, ${y}px)`,
            width,
            height,
            fontSize: 10.5 * scale,
          }}
        >
          {text}
        </span>
      ))}
    </div>
  );
});
