import { GCProfiler } from 'node:v8';

/** Bytes in use on the heap and beside it, after everything that can be was given back. */
export function settledBytes(): number {
  // A second round collects what finalizers of the first let go.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * The most bytes in use at once during some steps, as the collections of garbage in them found. All
 * garbage is collected between two steps: what a step leaves behind is not the need of the next.
 */
export function peakBytes(steps: Iterable<() => void>): number {
  let peak = 0;
  for (const step of steps) {
    globalThis.gc?.();
    const profiler = new GCProfiler();
    profiler.start();
    step();
    // the last objects count as far as a collection finds them alive
    globalThis.gc?.({ type: 'minor' });
    const { statistics = [] } = profiler.stop() ?? {};
    for (const { afterGC } of statistics) {
      const { usedHeapSize, externalMemory } = afterGC.heapStatistics;
      peak = Math.max(peak, usedHeapSize + externalMemory);
    }
  }
  return peak;
}
