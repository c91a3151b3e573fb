import ELK from 'elkjs/lib/elk-api.js';
import type { GraphView } from '#lib/view/graph-view.ts';
import { flowDirection, fromElk, toElk } from './elk-graph.ts';
import type { Geometry } from './geometry.ts';
import {
  type FramePart,
  framesOf,
  type Interior,
  interiorOf,
  isLarge,
  isReadable,
  packFrames,
  plainInterior,
} from './packed-layout.ts';
import { structureKey } from './structure.ts';

/** Layouts are made in a worker that starts with the first one, so that the page never waits. */

export interface LayoutJob {
  /** What comes of it after `cancel` is nobody's concern; it may never settle. */
  readonly done: Promise<Geometry>;
  /** A plain arrangement, at once. */
  draft(): Geometry;
  /** Ends the layout, and the worker with it when it is long at work: what is done soon is worth keeping. */
  cancel(): void;
}

/** How many of a picture's frames are laid out. */
export type OnProgress = (done: number, total: number) => void;

/** Entries by key, the oldest of which make room. */
class Remembered<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  keep(key: string, value: Value): Value {
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#most && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }
}

const pictures = new Remembered<Geometry>(40);
const interiors = new Remembered<Interior>(1000);

/** A worker that has not answered for so long is ended; starting one takes about as long. */
const LONG_MS = 250;

let elk: ReturnType<typeof startElk> | null = null;
let busySince: number | null = null;

function startElk() {
  return new ELK({
    workerFactory: () => new Worker(new URL('elkjs/lib/elk-worker.min.js', import.meta.url)),
  });
}

/** Starts the worker before there is anything to lay out: it takes a moment to get ready. */
export function prepareLayout(): void {
  elk ??= startElk();
}

async function inWorker(view: GraphView, isNarrow: boolean): Promise<Geometry> {
  elk ??= startElk();
  busySince ??= performance.now();
  try {
    return fromElk(await elk.layout(toElk(view, flowDirection(view, isNarrow))));
  } finally {
    busySince = null;
  }
}

/** Pages are wider than tall, or the other way round. */
function aspectOf(isNarrow: boolean): number {
  return isNarrow ? 0.7 : 1.9;
}

/** The same structure gets the same geometry, at once when it was laid out before. */
export function layOut(view: GraphView, isNarrow: boolean, onProgress: OnProgress): LayoutJob {
  const key = `${isNarrow} ${structureKey(view)}`;
  let state: 'working' | 'done' | 'cancelled' = 'working';
  const make = isLarge(view)
    ? () => laidOutByFrames(view, isNarrow, onProgress, () => state === 'cancelled')
    : () => inWorker(view, isNarrow);
  const known = pictures.get(key);
  const done =
    known === undefined
      ? make().then((geometry) => pictures.keep(key, geometry))
      : Promise.resolve(known);
  const ended = () => {
    if (state === 'working') state = 'done';
  };
  done.then(ended, ended);
  return {
    done,
    draft() {
      const drafts = framesOf(view).map((part) => [part.frame.id, knownInterior(part)] as const);
      return packFrames(view, new Map(drafts), aspectOf(isNarrow));
    },
    cancel() {
      if (state !== 'working') return;
      state = 'cancelled';
      if (busySince === null || performance.now() - busySince < LONG_MS) return;
      elk?.terminateWorker();
      elk = null;
      busySince = null;
    },
  };
}

function partView(view: GraphView, { frame, members, edges }: FramePart): GraphView {
  return { ...view, nodes: [frame, ...members], edges };
}

/** As it was laid out before, else in plain columns. */
function knownInterior(part: FramePart): Interior {
  return interiors.get(partKey(part)) ?? plainInterior(part);
}

function partKey({ frame, members, edges }: FramePart): string {
  return structureKey({ nodes: [frame, ...members], edges });
}

/** One frame after the other; those that were laid out before, in whatever picture, cost nothing. */
async function laidOutByFrames(
  view: GraphView,
  isNarrow: boolean,
  onProgress: OnProgress,
  isCancelled: () => boolean,
): Promise<Geometry> {
  const parts = framesOf(view);
  const made = new Map<string, Interior>();
  for (const [i, part] of parts.entries()) {
    const key = partKey(part);
    const fresh = async () =>
      interiors.keep(
        key,
        isReadable(part)
          ? interiorOf(await inWorker(partView(view, part), isNarrow), part.frame.id)
          : plainInterior(part),
      );
    made.set(part.frame.id, interiors.get(key) ?? (await fresh()));
    if (isCancelled()) return new Promise(() => {});
    onProgress(i + 1, parts.length);
  }
  return packFrames(view, made, aspectOf(isNarrow));
}
