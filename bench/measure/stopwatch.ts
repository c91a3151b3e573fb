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

export interface Waited<T> extends Timed<T> {
  /** CPU milliseconds of all threads of the process: of those that collect garbage, too. */
  readonly allThreads: number;
}

/** CPU time of this thread while something happens that waits for others. */
export async function cpuWhile<T>(work: () => Promise<T>): Promise<Waited<T>> {
  const process0 = process.cpuUsage();
  const before = threadMicroseconds();
  const value = await work();
  const ms = (threadMicroseconds() - before) / 1000;
  const { user, system } = process.cpuUsage(process0);
  return { value, ms, allThreads: (user + system) / 1000 };
}
