import type { Problem } from '#lib/model/problem.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { OpenedExport } from './cluster-exports.ts';
import type { Answer, Export, Question, Refused } from './question.ts';
import type { ViewChange, WatchedQuestion } from './view-watches.ts';

/**
 * What the running server can answer. Our HTTP server composes it once (compose.ts) and hands it to
 * Next's routes through globalThis, because Next evaluates modules more than once in a process and
 * nothing may start at import.
 */
export interface Application {
  /** Every cluster, the default one first. Asking starts none of them. */
  clusters(): readonly ClusterSummary[];
  /** Throws NotFound for a cluster that is not there. Asking starts reading it, as do all that follow. */
  cluster(name: string): ClusterSummary;
  /**
   * Answers with a view as JSON, or says why not. `known`: the tags of the views that the asker has.
   * Throws NotFound for a cluster that is not there.
   */
  ask(cluster: string, question: Question, known?: readonly string[]): Promise<Answer>;
  /** Opens a file to be read piece by piece. Throws NotFound for a cluster that is not there. */
  openExport(cluster: string, asked: Export): Promise<OpenedExport | Refused>;
  /**
   * Tells of a view as it is, and from then on of every change; gives the way to end it. Throws
   * NotFound for a cluster that is not there.
   */
  watch(
    cluster: string,
    question: WatchedQuestion,
    listener: (change: ViewChange) => void,
  ): () => void;
  /** Calls back after every change of a cluster's revision or freshness; returns the unsubscription. */
  subscribe(listener: (summary: ClusterSummary) => void): () => void;
  /**
   * Holds manifests in memory as one more cluster, and answers once they were read. Throws Unreadable
   * when nothing in them is an object. The oldest upload makes room for the ninth.
   */
  upload(manifests: string): Promise<ClusterSummary>;
  /** Writes down an exception that nobody expected, under the request's id. */
  report(error: unknown, requestId: string | null): void;
}

/*
 * The classes below are told apart by name: Next's bundles hold their own copies of this module, so
 * that a class here is not the class there, and plain instanceof would silently say no.
 */
function named(name: string): (value: unknown) => boolean {
  return (value) => value instanceof Error && value.name === name;
}

/** A thing that was asked for and is not there; becomes 404. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  static override [Symbol.hasInstance] = named('NotFound');
}

/** The cluster is there, but nothing of it was read yet; becomes 503, to be tried again soon. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
  static override [Symbol.hasInstance] = named('NotReady');
}

/** A question that cannot be asked so; becomes 400, with the parameter and how to mend it. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  static override [Symbol.hasInstance] = named('BadRequest');
  readonly parameter: string;
  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** Manifests without one readable object; becomes 422, with what is wrong with them. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  static override [Symbol.hasInstance] = named('Unreadable');
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.problems = problems;
  }
}

const KEY = Symbol.for('sightline.application');
type Holder = { [KEY]?: Application };

export function setApplication(application: Application): void {
  (globalThis as Holder)[KEY] = application;
}

/** Throws when the server in front did not compose one: Next was started without it. */
export function application(): Application {
  const current = (globalThis as Holder)[KEY];
  if (current === undefined) throw new Error('Start Sightline with `sightline serve`, not `next`.');
  return current;
}
