import type { ElkNode } from 'elkjs/lib/elk-api.js';
import ELK from 'elkjs/lib/elk-api.js';
import type { GraphView } from '#lib/view/graph-view.ts';
import { type FlowDirection, fromElk, toElk } from './elk-graph.ts';
import type { Geometry } from './geometry.ts';
import { structureKey } from './structure.ts';

/** Layouts are made in a worker that starts with the first one, so that the page never waits. */

const REMEMBERED = 40;
const remembered = new Map<string, Geometry>();

export interface LayoutJob {
  readonly done: Promise<Geometry>;
  /** Ends the worker; `done` then never settles. */
  cancel(): void;
}

let elk: ReturnType<typeof startElk> | null = null;

function startElk() {
  return new ELK({
    workerFactory: () => new Worker(new URL('elkjs/lib/elk-worker.min.js', import.meta.url)),
  });
}

/** Starts the worker before there is anything to lay out: it takes a moment to get ready. */
export function prepareLayout(): void {
  elk ??= startElk();
}

/** The same structure gets the same geometry, at once when it was laid out before. */
export function layOut(view: GraphView, direction: FlowDirection): LayoutJob {
  const key = `${direction} ${structureKey(view)}`;
  const known = remembered.get(key);
  if (known) return { done: Promise.resolve(known), cancel: () => {} };
  elk ??= startElk();
  return {
    done: elk.layout(toElk(view, direction)).then((root) => remember(key, root)),
    cancel() {
      elk?.terminateWorker();
      elk = null;
    },
  };
}

function remember(key: string, root: ElkNode): Geometry {
  const geometry = fromElk(root);
  remembered.set(key, geometry);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return geometry;
}
