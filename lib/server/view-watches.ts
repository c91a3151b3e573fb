import { setImmediate } from 'node:timers/promises';
import { type GraphDelta, graphChanges } from '#lib/view/graph-delta.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { Answer, Question } from './question.ts';

/** Only what is drawn is told as it changes; everything else is read again. */
export type WatchedQuestion = Extract<Question, { view: 'graph' }>;

/** What those who watch a view are told. */
export interface ViewChange {
  /** Of the view as it is now; null when there is none, or none yet. */
  readonly tag: string | null;
  /** How to make it of the one told of before, a GraphDelta as JSON; null: it is to be read anew. */
  readonly delta: Uint8Array<ArrayBuffer> | null;
}

interface Watch {
  readonly question: WatchedQuestion;
  readonly listener: (change: ViewChange) => void;
  /** The last view told of; undefined before the first. */
  told: { readonly tag: string; readonly view: GraphView } | null | undefined;
}

export interface ViewWatches {
  /** Tells of the view as it is, and from then on of every change; gives the way to end it. */
  watch(question: WatchedQuestion, listener: (change: ViewChange) => void): () => void;
  /** There is a new picture. */
  pictureChanged(): void;
  stop(): void;
}

/** Between two changes of what is watched, however fast the cluster changes. */
const INTERVAL_MS = 250;
/** A delta that is larger than this is no better than the view, which is read compressed. */
const MOST_DELTA_BYTES = 256 * 1024;

export function createViewWatches(
  answer: (question: Question, known: readonly string[]) => Promise<Answer>,
): ViewWatches {
  const watches = new Set<Watch>();
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let rest = INTERVAL_MS;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let outdated = false;
  let stopped = false;

  function schedule(): void {
    outdated = true;
    if (timer !== undefined || running || stopped || watches.size === 0) return;
    const pause = Math.max(0, lookedAt + rest - performance.now());
    timer = setTimeout(() => {
      timer = undefined;
      void lookAtAll();
    }, pause);
  }

  async function lookAtAll(): Promise<void> {
    const start = performance.now();
    running = true;
    outdated = false;
    for (const watch of [...watches]) {
      await lookAt(watch);
      // Questions that came meanwhile go first.
      await setImmediate();
    }
    running = false;
    lookedAt = performance.now();
    // Many views of a large cluster take at most half of the time.
    rest = Math.max(INTERVAL_MS, lookedAt - start);
    if (outdated) schedule();
  }

  async function lookAt(watch: Watch): Promise<void> {
    const { told } = watch;
    const answered = await answer(watch.question, told ? [told.tag] : []);
    if (!watches.has(watch) || answered.kind === 'unchanged') return;
    if (answered.kind !== 'view') {
      watch.told = null;
      if (told !== null) watch.listener({ tag: null, delta: null });
      return;
    }
    const { tag, body, revision, readAt } = answered;
    const view = JSON.parse(Buffer.from(body).toString()) as GraphView;
    watch.told = { tag, view };
    const delta =
      told &&
      written({ from: told.tag, to: tag, revision, readAt, ...graphChanges(told.view, view) });
    watch.listener({ tag, delta: delta && delta.length <= MOST_DELTA_BYTES ? delta : null });
  }

  return {
    watch(question, listener) {
      const watch: Watch = { question, listener, told: undefined };
      watches.add(watch);
      schedule();
      return () => watches.delete(watch);
    },
    pictureChanged: schedule,
    stop() {
      stopped = true;
      clearTimeout(timer);
      watches.clear();
    },
  };
}

function written(delta: GraphDelta): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(JSON.stringify(delta)));
}
