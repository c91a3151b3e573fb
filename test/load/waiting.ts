/** How long anything may take before it counts as hanging. */
export const PATIENCE_MS = 120_000;

/** Milliseconds since 1970, the same in every process of this machine. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
