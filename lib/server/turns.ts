import { setImmediate } from 'node:timers/promises';

/**
 * Who wants to work in this thread waits for a turn, so that changes, timers and new questions come in
 * between, however many wait.
 */
export interface Turns {
  /** Gives what `work` gives, once it had its turn. Rejects with TooLate when that came too late. */
  take<Result>(isShort: boolean, work: () => Result | Promise<Result>): Promise<Result>;
}

/** It waited for longer than anybody waits for its result, and was not done. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

interface Waiting {
  readonly since: number;
  begin(): void;
  refuse(): void;
}

/** After so long everything else has its turn. */
const SLICE_MS = 15;

/** Short ones go first; a long one comes after one of them at the latest, once it waited for this. */
const PATIENCE_MS = 500;

/** `limitMs`: after so long nobody waits any more. */
export function createTurns(limitMs: number, now: () => number = () => performance.now()): Turns {
  const short: Waiting[] = [];
  const long: Waiting[] = [];
  let running = false;
  let lastWasShort = false;

  function next(): Waiting | undefined {
    const [oldest] = long;
    const isDue = oldest !== undefined && now() - oldest.since > PATIENCE_MS && lastWasShort;
    lastWasShort = short.length > 0 && !isDue;
    return lastWasShort ? short.shift() : long.shift();
  }

  function slice(): void {
    const since = now();
    for (let turn = next(); turn !== undefined; turn = next()) {
      if (now() - turn.since > limitMs) turn.refuse();
      else turn.begin();
      if (now() - since >= SLICE_MS) return;
    }
  }

  async function run(): Promise<void> {
    running = true;
    do {
      slice();
      // Also when none is left: who comes before this is over belongs to the next slice.
      await setImmediate();
    } while (short.length > 0 || long.length > 0);
    running = false;
  }

  return {
    take<Result>(isShort: boolean, work: () => Result | Promise<Result>): Promise<Result> {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      (isShort ? short : long).push({
        since: now(),
        begin() {
          try {
            resolve(work());
          } catch (error) {
            reject(error);
          }
        },
        refuse: () => reject(new TooLate('Too much was asked before.')),
      });
      if (!running) void run();
      return promise;
    },
  };
}
