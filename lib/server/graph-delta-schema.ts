import { z } from 'zod';
import { count, graphView, instant, named, text } from './response-schemas.ts';

/** What a stream that follows a graph tells of its changes (lib/view/graph-delta.ts). */

const { nodes, edges, cluster: _, revision: __, readAt: ___, ...others } = graphView.shape;

const listChanges = <Element extends z.ZodType>(element: Element) =>
  z.strictObject({
    removed: z.array(text),
    changed: z.array(element),
    added: z.array(z.tuple([count, element])),
  });

export const graphDelta = named(
  'GraphDelta',
  z.strictObject({
    from: text,
    to: text,
    revision: count,
    readAt: instant,
    nodes: listChanges(nodes.element),
    edges: listChanges(edges.element),
    fields: z.strictObject(others).partial(),
  }),
);

export const followedView = named(
  'FollowedView',
  z.strictObject({ followed: z.boolean(), tag: text.nullable() }),
);
