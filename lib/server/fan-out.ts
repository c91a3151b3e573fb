import { setImmediate } from 'node:timers/promises';

/** After so long everything else has its turn: to write to two thousand sockets takes longer. */
const SLICE_MS = 10;

export type Send = (message: Buffer) => void;

/**
 * Gives each message to its receivers, in the order in which messages come; fulfilled when all have
 * been given it.
 */
export type FanOut = (message: Buffer, receivers: Iterable<Send>) => Promise<void>;

export function createFanOut(now: () => number = () => performance.now()): FanOut {
  let last: Promise<void> = Promise.resolve();

  async function give(message: Buffer, receivers: readonly Send[]): Promise<void> {
    let since = now();
    for (const send of receivers) {
      send(message);
      if (now() - since < SLICE_MS) continue;
      await setImmediate();
      since = now();
    }
  }

  return (message, receivers) => {
    // Who comes later is told otherwise what he missed.
    const all = [...receivers];
    const given = last.then(() => give(message, all));
    last = given.catch(() => {});
    return given;
  };
}
