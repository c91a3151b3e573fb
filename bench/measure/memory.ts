import { GCProfiler } from 'node:v8';

/** Bytes in use on the heap and beside it, after everything that can be was given back. */
export function settledBytes(): number {
  // A second round collects what finalizers of the first let go.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The most bytes that were in use at once while something was done, as collections found them. */
export function peakBytes<T>(work: () => T): { readonly value: T; readonly peak: number } {
  const profiler = new GCProfiler();
  profiler.start();
  const value = work();
  // the last garbage counts only as far as a collection finds it alive
  globalThis.gc?.({ type: 'minor' });
  const { statistics = [] } = profiler.stop() ?? {};
  const found = statistics.map(
    ({ afterGC: { heapStatistics } }) =>
      heapStatistics.usedHeapSize + heapStatistics.externalMemory,
  );
  return { value, peak: Math.max(...found, 0) };
}
