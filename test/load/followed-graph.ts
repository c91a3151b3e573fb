import { request } from 'undici';
import { type GraphDelta, withDelta } from '#lib/view/graph-delta.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { EventReader, type ServerEvent } from './event-reader.ts';

/** The address of a stream that follows the graph of a namespace as well. */
export function streamOf(events: string, cluster: string, namespace: string): string {
  const view = `${cluster}/graph?namespace=${namespace}`;
  return `${events}&view=${encodeURIComponent(view)}`;
}

/** A graph as a browser has it: read once, and then changed as the stream tells. */
export class FollowedGraph {
  readonly #address: string;
  readonly #reader: EventReader;
  #tag: string | null = null;
  #view: GraphView | null = null;
  /** Told while the graph is being read. */
  #waiting: GraphDelta[] | null = null;
  /** How many deltas were applied, and how often the graph was read whole. */
  readonly counts = { applied: 0, reads: 0 };

  constructor(stream: string, address: string) {
    this.#address = address;
    this.#reader = new EventReader(stream, { event: (event) => this.#take(event) });
  }

  get view(): GraphView | null {
    return this.#view;
  }

  close(): void {
    this.#reader.close();
  }

  #take({ name, data }: ServerEvent): void {
    if (name === 'view') {
      const { tag } = JSON.parse(data) as { readonly tag: string | null };
      if (tag !== null && tag !== this.#tag) this.#read();
    }
    if (name !== 'delta') return;
    const delta = JSON.parse(data) as GraphDelta;
    if (this.#waiting === null) this.#apply(delta);
    else this.#waiting.push(delta);
  }

  #apply(delta: GraphDelta): void {
    if (this.#view === null || delta.from !== this.#tag) {
      this.#read();
      return;
    }
    this.#view = withDelta(this.#view, delta);
    this.#tag = delta.to;
    this.counts.applied += 1;
  }

  #read(): void {
    if (this.#waiting !== null) return;
    this.#waiting = [];
    this.counts.reads += 1;
    void request(this.#address).then(async ({ headers, body }) => {
      this.#view = (await body.json()) as GraphView;
      this.#tag = String(headers.etag);
      const told = this.#waiting ?? [];
      this.#waiting = null;
      // those from before the view that was read are part of it
      const next = told.findIndex(({ from }) => from === this.#tag);
      const last = told.at(-1);
      if (next === -1 && last !== undefined && last.to !== this.#tag) this.#read();
      else if (next !== -1) for (const delta of told.slice(next)) this.#apply(delta);
    });
  }
}
