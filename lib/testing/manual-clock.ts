import type { Clock } from '#lib/sources/kubernetes-api/clock.ts';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that stands still until it is told to go on, so that tests of timeouts never sleep. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #wallShift = 0;
  readonly #timers = new Set<Timer>();
  readonly #waiting = new Set<() => void>();
  readonly #chance: () => number;

  constructor(chance: () => number = () => 0.5) {
    this.#chance = chance;
  }

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#elapsed + this.#wallShift);
  }

  monotonic(): number {
    return this.#elapsed;
  }

  random(): number {
    return this.#chance();
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, milliseconds), call };
    this.#timers.add(timer);
    this.#tellWaiting();
    return () => {
      this.#timers.delete(timer);
      this.#tellWaiting();
    };
  }

  /** Resolves as soon as the condition holds; it is looked at whenever a timer is set or cancelled. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer; null when none waits. */
  get next(): number | null {
    const [first] = this.#due(Number.POSITIVE_INFINITY);
    return first === undefined ? null : first.at - this.#elapsed;
  }

  /** Goes on, and fires what falls due on the way, in its order. */
  advance(milliseconds: number): void {
    const end = this.#elapsed + milliseconds;
    for (let [timer] = this.#due(end); timer !== undefined; [timer] = this.#due(end)) {
      this.#timers.delete(timer);
      this.#elapsed = timer.at;
      timer.call();
    }
    this.#elapsed = end;
  }

  /** Somebody sets the wall clock; what is measured must not notice. */
  jumpWallClock(milliseconds: number): void {
    this.#wallShift += milliseconds;
  }

  #tellWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #due(end: number): Timer[] {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
  }
}
