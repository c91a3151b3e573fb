export interface Timed<T> {
  readonly value: T;
  /** CPU milliseconds of this thread. */
  readonly ms: number;
}

const nobody = new Int32Array(new SharedArrayBuffer(4));

/**
 * CPU microseconds of this thread so far. A kernel counts them when it changes threads, some
 * milliseconds apart; waiting for a moment makes it do so now.
 */
function threadMicroseconds(): number {
  Atomics.wait(nobody, 0, 0, 0.001);
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function microseconds(work: () => unknown): number {
  const before = threadMicroseconds();
  work();
  return threadMicroseconds() - before;
}

/** What measuring nothing takes; the first readings are slow as all code is at first. */
function overhead(): number {
  const readings = Array.from({ length: 400 }, () => microseconds(() => undefined)).slice(100);
  return readings.sort((a, b) => a - b)[readings.length >> 1] ?? 0;
}

let known: number | null = null;

/** CPU time of this thread while something is done: what others do on the machine is not in it. */
export function cpuOf<T>(work: () => T): Timed<T> {
  known ??= overhead();
  const before = threadMicroseconds();
  const value = work();
  return { value, ms: Math.max(0, threadMicroseconds() - before - known) / 1000 };
}

/** As `cpuOf`, and what runs in it is what a profile is of; known by its name (hot-functions.ts). */
export function measured<T>(work: () => T): Timed<T> {
  return cpuOf(work);
}

/** CPU time of the whole process while something happens that waits, its other threads included. */
export async function processCpuOf<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}
