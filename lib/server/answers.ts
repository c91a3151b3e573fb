import { createHash } from 'node:crypto';
import { BadRequest, NotFound, NotReady } from './application.ts';
import { createClusterViews, type ViewOfPicture } from './cluster-views.ts';
import type { Picture } from './picture.ts';
import { ANSWER_MS, type Answer, type Question, type Refused } from './question.ts';
import { createTurns, TooLate } from './turns.ts';

/** A view as JSON, with the tag of what it shows. */
interface WrittenView {
  readonly tag: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Of a picture, which it does not hold. */
interface Kept extends WrittenView {
  readonly revision: number;
  readonly readAt: string;
}

/** Whether the answer takes milliseconds in a cluster of any size. */
function isShort(question: Question): boolean {
  switch (question.view) {
    case 'graph':
      return question.query.namespace !== null;
    case 'namespaces':
    case 'workloads':
    case 'findings':
      return false;
    case 'workload':
    case 'peers':
    case 'explanation':
    case 'search':
      return true;
  }
}

/** What is kept of answers: many viewers ask the same, and again. */
const MOST_BYTES = 64 * 1024 ** 2;

/**
 * Writes a view down. Every view says of which revision it is, and most revisions change little of a
 * cluster; so the tag is of all but that, and stays the same while what is shown does.
 */
function writeView(view: object): WrittenView {
  const { revision, readAt, ...shown } = view as { readonly revision?: number; readAt?: string };
  const text = Buffer.from(JSON.stringify(shown));
  const tag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  if (revision === undefined) return { tag, body: new Uint8Array(text) };
  const head = Buffer.from(JSON.stringify({ revision, readAt }));
  const body = new Uint8Array(head.length + text.length - 1);
  body.set(head);
  // One object of the two: a comma where the first ends and the second begins.
  body[head.length - 1] = ','.charCodeAt(0);
  body.set(text.subarray(1), head.length);
  return { tag, body };
}

/** Answers the questions about one cluster, of which `newest` gives the picture or throws NotReady. */
export function createAnswers(cluster: string, newest: () => Picture) {
  const viewOf = createClusterViews(cluster);
  const turns = createTurns(ANSWER_MS);
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function forget(key: string): void {
    bytes -= kept.get(key)?.body.length ?? 0;
    kept.delete(key);
  }

  /** The oldest go first; asking for one makes it the newest. */
  function keep(key: string, view: Kept): void {
    forget(key);
    kept.set(key, view);
    bytes += view.body.length;
    for (const oldest of kept.keys()) {
      if (bytes <= MOST_BYTES) break;
      forget(oldest);
    }
  }

  function written(question: Question, { picture, build }: ViewOfPicture): Kept {
    const { revision, readAt } = picture;
    const key = JSON.stringify(question);
    const before = kept.get(key);
    const view =
      before?.revision === revision ? before : { ...writeView(build()), revision, readAt };
    keep(key, view);
    return view;
  }

  /** `known`: the tags of what the asker has. Never rejects. */
  return async (question: Question, known: readonly string[]): Promise<Answer> => {
    try {
      const { tag, body, revision, readAt } = await turns.take(isShort(question), () => {
        const view = viewOf(newest(), question);
        return view instanceof Promise
          ? view.then((late) => written(question, late))
          : written(question, view);
      });
      return known.includes(tag)
        ? { kind: 'unchanged', tag, revision, readAt }
        : { kind: 'view', tag, revision, readAt, body };
    } catch (error) {
      return refusal(error);
    }
  };
}

/** What is told of what was thrown. */
export function refusal(error: unknown): Refused {
  if (error instanceof TooLate) return { kind: 'too-slow', message: error.message };
  if (error instanceof NotReady) return { kind: 'not-ready', message: error.message };
  if (error instanceof NotFound) return { kind: 'not-found', message: error.message };
  if (error instanceof BadRequest) {
    const { parameter, message } = error;
    return { kind: 'bad-question', parameter, message };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', message };
}
