import type { ChildProcess } from 'node:child_process';

/** How long anything may take before it counts as hanging. */
export const PATIENCE_MS = 120_000;

/** Milliseconds since 1970, the same in every process of this machine. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** However this process ends, the other one does not stay behind. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}
