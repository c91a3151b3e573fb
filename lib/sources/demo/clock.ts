/** Time as the demo sees it, so that a test can let hours pass in a moment. */
export interface Clock {
  now(): Date;
  /** Calls once after `milliseconds`; gives the function that cancels. */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    // A demo must not keep a process alive that has nothing else to do.
    timer.unref();
    return () => clearTimeout(timer);
  },
};
