const SHORTEST = 500;
const LONGEST = 10_000;

/**
 * Milliseconds to wait before try number `attempt` + 1 (R8): full jitter over a doubling range, so
 * that the readers of one server, which fail together, do not return together. Ten seconds at most,
 * because a picture that stays stale for longer after the server came back helps nobody.
 */
export function backoffDelay(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST, SHORTEST * 2 ** attempt);
  return SHORTEST + random * (ceiling - SHORTEST);
}
