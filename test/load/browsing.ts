import { Agent, request } from 'undici';
import { type Random, seededRandom } from '#lib/sources/demo/random.ts';
import { Samples } from './percentiles.ts';

/** Nobody waits longer for a view; it counts as a failure. */
const LONGEST_MS = 60_000;

/** A kind of view that people ask for, and how often of a hundred. */
interface Page {
  readonly name: string;
  readonly weight: number;
  readonly path: (random: Random) => string;
}

/** What was answered to requests for one kind of view. */
export interface Answered {
  readonly name: string;
  readonly latency: Samples;
  readonly bytes: Samples;
  /** How many were told that nothing had changed. */
  unchanged: number;
}

/** People who look at one view after the other, and ask again with the ETag they have. */
export class Browsing {
  readonly #agent = new Agent({ connections: 50 });
  readonly #random: Random;
  readonly #pages: readonly Page[];
  readonly #tags = new Map<string, string>();
  readonly #base: string;
  #answered = new Map<string, Answered>();
  /** Answers that are neither a view nor "not changed". */
  readonly failures: string[] = [];
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(base: string, namespaces: readonly string[], seed: number) {
    this.#base = base;
    this.#random = seededRandom(seed);
    const some = (random: Random) =>
      namespaces[Math.floor(random() ** 3 * namespaces.length)] ?? 'default';
    this.#pages = [
      { name: 'graph', weight: 25, path: () => '/graph' },
      {
        name: 'graph of a namespace',
        weight: 45,
        path: (random) => `/graph?namespace=${some(random)}`,
      },
      { name: 'search', weight: 25, path: (random) => `/search?q=${some(random).slice(0, 4)}` },
      { name: 'summary', weight: 5, path: () => '' },
    ];
  }

  start(perSecond: number): void {
    if (perSecond === 0) return;
    this.#timer = setInterval(() => {
      const asked = this.#ask(this.#pick()).finally(() => this.#running.delete(asked));
      this.#running.add(asked);
    }, 1000 / perSecond);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
  }

  /** What was answered since this was last called. */
  takeAnswered(): readonly Answered[] {
    const answered = [...this.#answered.values()];
    this.#answered = new Map();
    return answered;
  }

  /** Gives the body of a view as it is now. */
  async view(path: string): Promise<unknown> {
    const { statusCode, body } = await request(`${this.#base}${path}`, { dispatcher: this.#agent });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#agent.destroy();
  }

  #pick(): Page {
    let rest = this.#random() * this.#pages.reduce((sum, { weight }) => sum + weight, 0);
    const [first, ...others] = this.#pages;
    if (first === undefined) throw new Error('there is nothing to look at');
    let page = first;
    for (const each of others) {
      rest -= page.weight;
      if (rest < 0) break;
      page = each;
    }
    return page;
  }

  async #ask({ name, path: pathOf }: Page): Promise<void> {
    const path = pathOf(this.#random);
    const tag = this.#tags.get(path);
    const start = performance.now();
    try {
      const { statusCode, headers, body } = await request(`${this.#base}${path}`, {
        dispatcher: this.#agent,
        headersTimeout: LONGEST_MS,
        // as browsers do, which are sent compressed answers
        headers: { 'accept-encoding': 'gzip', ...(tag && { 'if-none-match': tag }) },
      });
      const { byteLength } = await body.arrayBuffer();
      if (statusCode !== 200 && statusCode !== 304) {
        this.failures.push(`${path}: ${statusCode}`);
        return;
      }
      if (typeof headers.etag === 'string') this.#tags.set(path, headers.etag);
      const answered = this.#of(name);
      answered.latency.add(performance.now() - start);
      if (statusCode === 304) answered.unchanged += 1;
      else answered.bytes.add(byteLength);
    } catch (error) {
      this.failures.push(`${path}: ${String(error)}`);
    }
  }

  #of(name: string): Answered {
    const known = this.#answered.get(name);
    if (known !== undefined) return known;
    const answered = { name, latency: new Samples(), bytes: new Samples(), unchanged: 0 };
    this.#answered.set(name, answered);
    return answered;
  }
}
