/** Time as the demo sees it, so that a test can let hours pass in a moment. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once; the answer cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    // A demo must not keep a process alive that has nothing else to do.
    timer.unref();
    return () => clearTimeout(timer);
  },
};
