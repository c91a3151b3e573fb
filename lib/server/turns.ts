import { setImmediate } from 'node:timers/promises';

/**
 * Who wants to work in this thread waits for a turn. There is one in each turn of the event loop, so
 * that changes, timers and new questions come in between, however many wait.
 */
export interface Turns {
  /** Fulfilled when it is this one's turn; with false when it came too late to be of use. */
  wait(isShort: boolean): Promise<boolean>;
}

interface Waiting {
  readonly since: number;
  readonly begin: (isInTime: boolean) => void;
}

/** Short ones go first, but nobody waits for more than this because of others who are short. */
const PATIENCE_MS = 500;

/** `limitMs`: after so long nobody waits for the answer any more. */
export function createTurns(limitMs: number, now: () => number = () => performance.now()): Turns {
  const short: Waiting[] = [];
  const long: Waiting[] = [];
  let running = false;

  function next(): Waiting | undefined {
    const [oldest] = long;
    const isLong = oldest !== undefined && now() - oldest.since > PATIENCE_MS;
    return isLong ? long.shift() : (short.shift() ?? long.shift());
  }

  async function run(): Promise<void> {
    running = true;
    for (let turn = next(); turn !== undefined; turn = next()) {
      const isInTime = now() - turn.since <= limitMs;
      turn.begin(isInTime);
      if (isInTime) await setImmediate();
    }
    running = false;
  }

  return {
    wait(isShort) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      (isShort ? short : long).push({ since: now(), begin: resolve });
      if (!running) void run();
      return promise;
    },
  };
}
