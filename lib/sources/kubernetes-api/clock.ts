/** Time and chance as the source sees them; injected, so that tests never sleep (R22). */
export interface Clock {
  /** The wall clock: for what people read, never for measuring. */
  now(): Date;
  /** Milliseconds since some fixed moment; does not jump when the wall clock is set. */
  monotonic(): number;
  /** Calls once after `milliseconds`; gives the function that cancels. */
  after(milliseconds: number, call: () => void): () => void;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Waits; an abort ends the wait at once, without an error: the caller looks at the signal. */
export function wait(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener('abort', done);
  });
}

/** The result of `task`, or the abort's reason as soon as the signal aborts. */
export function unlessAborted<Result>(task: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
