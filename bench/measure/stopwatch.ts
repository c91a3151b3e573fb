export interface Timed<T> {
  readonly value: T;
  /** CPU milliseconds of this thread. */
  readonly ms: number;
}

/** CPU time of this thread while something is done: what others do on the machine is not in it. */
export function cpuOf<T>(work: () => T): Timed<T> {
  const before = process.threadCpuUsage();
  const value = work();
  const { user, system } = process.threadCpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}

/** CPU time of the whole process while something happens that waits, its other threads included. */
export async function processCpuOf<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}

/** As `cpuOf`, and what runs in it is what a profile is of; known by its name (hot-functions.ts). */
export function measured<T>(work: () => T): Timed<T> {
  return cpuOf(work);
}

/** CPU times of the same work on one input after the other, in milliseconds. */
export function samples<T>(inputs: Iterable<T>, work: (input: T) => unknown): readonly number[] {
  return [...inputs].map((input) => measured(() => work(input)).ms);
}
