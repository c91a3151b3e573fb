import type { GraphEdge } from '#lib/view/graph-view.ts';
import { headPath, linePath, straightRoute } from './edge-path.ts';
import { lineWidth } from './elements.ts';
import type { Geometry } from './geometry.ts';

const TONES = {
  allowed: 'var(--accent)',
  unknown: 'var(--caution-line)',
} as const;

/**
 * The edges that stand out, over the veil. The canvas below draws all edges once and is not asked
 * again while the pointer goes from card to card.
 */
export function LitEdges({
  edges,
  geometry,
  selected,
}: {
  readonly edges: readonly GraphEdge[];
  readonly geometry: Geometry;
  readonly selected: string | null;
}) {
  return (
    <svg
      aria-hidden="true"
      className="pointer-events-none absolute top-0 left-0 z-2 size-px overflow-visible"
      fill="none"
    >
      {edges.map((edge) => {
        const route = routeOf(edge, geometry);
        if (route === null) return null;
        const width = edge.id === selected ? 2.5 : lineWidth(edge.connections);
        const tone = TONES[edge.verdict];
        return (
          <g key={edge.id} data-lit-edge={edge.id} stroke={tone} strokeWidth={width}>
            <path d={linePath(route)} {...dashes(edge)} />
            <path
              d={headPath(route, width)}
              strokeWidth={1}
              fill={edge.verdict === 'unknown' ? 'var(--canvas)' : tone}
            />
          </g>
        );
      })}
    </svg>
  );
}

function routeOf({ id, source, target }: GraphEdge, { routes, boxes }: Geometry) {
  const route = routes.get(id);
  if (route) return route;
  const [from, to] = [boxes.get(source), boxes.get(target)];
  return from && to ? straightRoute(from, to) : null;
}

/** As the canvas dashes them (see stylesheet.ts). */
function dashes({ verdict, basis }: GraphEdge): { readonly strokeDasharray?: string } {
  if (verdict === 'unknown') return { strokeDasharray: '6 4' };
  return basis === 'rules' ? {} : { strokeDasharray: '1.5 3' };
}
