import type { Mark } from './cluster-messages.ts';
import { EventReader, type ServerEvent } from './event-reader.ts';
import { Samples } from './percentiles.ts';
import { clock, pause } from './waiting.ts';

/** What a summary says of how far the server has come; read without parsing all of it. */
const REVISION = /"revision":(\d+)/;
const NAMESPACES = /"counts":\{"namespaces":(\d+)/;

/** From which view to which a delta leads. */
const STEP = /^\{"from":"((?:[^"\\]|\\.)*)","to":"((?:[^"\\]|\\.)*)"/;

interface Viewer {
  readonly url: string;
  reader: EventReader;
  readonly slow: boolean;
  /** It has not heard anything on its present connection. */
  fresh: boolean;
  revision: number;
  namespaces: number;
  /** How many of the marks it has seen. */
  marks: number;
  resynced: boolean;
  goodbye: boolean;
  ended: boolean;
}

/** What the viewers of one cluster saw. */
export interface Seen {
  /** From a change in the cluster to the summary that shows it, milliseconds; each mark at each viewer. */
  readonly viewLag: Samples;
  /** From the first viewer who hears of a revision to each other one, milliseconds. */
  readonly spread: Samples;
  /** The same of the changes of the graphs that they follow. */
  readonly deltaSpread: Samples;
  /** Of the deltas, bytes. */
  readonly deltas: Samples;
}

function nothingSeen(): Seen {
  return {
    viewLag: new Samples(),
    spread: new Samples(),
    deltaSpread: new Samples(),
    deltas: new Samples(),
  };
}

const RETRY_MS = 500;
/** To read what the kernels hold for a reader. */
const WAKING_MS = 3000;

/** Many readers of one cluster's events. */
export class Viewers {
  /** Of the stream that the viewer of this number reads. */
  readonly #urlOf: (index: number) => string;
  readonly #all: Viewer[] = [];
  readonly #marks: Mark[] = [];
  readonly #firstSeen = new Map<string, number>();
  #seen = nothingSeen();
  #bytesGone = 0;
  #reconnects = 0;
  #newest = 0;

  constructor(urlOf: (index: number) => string) {
    this.#urlOf = urlOf;
  }

  /** Opens so many more streams; resolves when each had its first summary. */
  async open(count: number, slow = false): Promise<void> {
    const first: Promise<void>[] = [];
    for (let index = 0; index < count; index += 1) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const url = this.#urlOf(this.#all.length);
      const viewer: Viewer = {
        url,
        slow,
        fresh: true,
        revision: 0,
        namespaces: 0,
        marks: 0,
        resynced: false,
        goodbye: false,
        ended: false,
        reader: this.#read(url, () => viewer, resolve, reject),
      };
      this.#all.push(viewer);
      first.push(promise);
      // as many as a listening socket takes at once
      if (index % 100 === 99) await Promise.all(first);
    }
    await Promise.all(first);
    if (slow) for (const { reader } of this.#all.slice(-count)) reader.pause();
  }

  marked(mark: Mark): void {
    this.#marks.push(mark);
    // its message may come later than what it tells of
    for (const viewer of this.#all) {
      if (viewer.namespaces >= mark.namespaces && viewer.marks === this.#marks.length - 1) {
        viewer.marks += 1;
      }
    }
  }

  /** One viewer leaves and comes back. */
  reconnect(index: number): void {
    const viewer = this.#all[index % this.#all.length];
    if (viewer === undefined || viewer.slow) return;
    this.#reconnects += 1;
    this.#bytesGone += viewer.reader.bytes;
    viewer.reader.close();
    this.#comeBack(viewer);
  }

  /** What was seen since this was last called. */
  takeSeen(): Seen {
    const seen = this.#seen;
    this.#seen = nothingSeen();
    return seen;
  }

  /** Whether everybody who reads has seen every mark, and the same revision. */
  get agree(): boolean {
    return this.#readers().every(
      ({ marks, revision }) => marks === this.#marks.length && revision === this.#newest,
    );
  }

  /** Readers that are behind, for messages. */
  get behind(): number {
    return this.#readers().filter(({ revision }) => revision !== this.#newest).length;
  }

  get bytes(): number {
    return this.#all.reduce((sum, { reader }) => sum + reader.bytes, this.#bytesGone);
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  get newest(): number {
    return this.#newest;
  }

  /** Readers whose stream ended without being asked to. */
  get lost(): number {
    return this.#readers().filter(({ ended, goodbye }) => ended && !goodbye).length;
  }

  /**
   * Lets the slow ones read what was left for them; gives how many the server had dropped. It tells
   * them, and cuts those that do not even read that.
   */
  async wakeSlow(): Promise<number> {
    const slow = this.#all.filter((viewer) => viewer.slow);
    const dropped = () => slow.filter(({ resynced, ended }) => resynced || ended).length;
    for (const { reader } of slow) reader.resume();
    const end = performance.now() + WAKING_MS;
    while (performance.now() < end && dropped() < slow.length) await pause(20);
    return dropped();
  }

  /** How many of those who read were told bye. */
  get goodbyes(): number {
    return this.#readers().filter(({ goodbye }) => goodbye).length;
  }

  get count(): number {
    return this.#readers().length;
  }

  /** Resolves when every stream has ended. */
  async ended(): Promise<void> {
    const end = performance.now() + 3000;
    while (performance.now() < end && !this.#all.every(({ ended }) => ended)) await pause(20);
  }

  close(): void {
    for (const { reader } of this.#all) reader.close();
  }

  /** The server may not have noticed yet that there is room again. */
  #comeBack(viewer: Viewer): void {
    viewer.ended = false;
    viewer.fresh = true;
    const again = () => setTimeout(() => this.#comeBack(viewer), RETRY_MS);
    viewer.reader = this.#read(
      viewer.url,
      () => viewer,
      () => {},
      again,
    );
  }

  #readers(): Viewer[] {
    return this.#all.filter(({ slow }) => !slow);
  }

  #read(
    url: string,
    viewer: () => Viewer,
    opened: () => void = () => {},
    failed: (error: Error) => void = () => {},
  ): EventReader {
    const reader: EventReader = new EventReader(url, {
      event: (event) => {
        if (viewer().reader === reader) this.#take(viewer(), event);
        opened();
      },
      refused: (status, _, body) => failed(new Error(`a stream was refused: ${status} ${body}`)),
      ended: () => {
        if (viewer().reader === reader) viewer().ended = true;
      },
    });
    return reader;
  }

  #take(viewer: Viewer, { name, data }: ServerEvent): void {
    const now = clock();
    if (name === 'resync') viewer.resynced = true;
    if (name === 'bye') viewer.goodbye = true;
    if (viewer.slow) return;
    if (name === 'delta') {
      const [step] = STEP.exec(data) ?? [];
      if (step !== undefined) this.#saw(`${viewer.url} ${step}`, now, this.#seen.deltaSpread);
      this.#seen.deltas.add(data.length);
    }
    if (name !== 'summary') return;
    const revision = Number(REVISION.exec(data)?.[1]);
    // who has just come back hears of what is there, not of what is new
    if (!viewer.fresh && revision > viewer.revision) {
      this.#saw(String(revision), now, this.#seen.spread);
    }
    viewer.fresh = false;
    viewer.revision = revision;
    this.#newest = Math.max(this.#newest, revision);
    const namespaces = Number(NAMESPACES.exec(data)?.[1]);
    viewer.namespaces = namespaces;
    for (let mark = this.#marks[viewer.marks]; mark; mark = this.#marks[viewer.marks]) {
      if (mark.namespaces > namespaces) break;
      viewer.marks += 1;
      this.#seen.viewLag.add(now - mark.at);
    }
  }

  #saw(what: string, now: number, spread: Samples): void {
    const first = this.#firstSeen.get(what);
    if (first === undefined) this.#firstSeen.set(what, now);
    else spread.add(now - first);
  }
}
