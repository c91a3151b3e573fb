import type { Match } from './explanation.ts';

/** Yes, no and unknown, together (semantics §12.1: Kleene's logic). */

/** A result, and what leaves it open when it is unknown. */
export interface Doubtful<Cause> {
  readonly match: Match;
  /** Null unless the match is unknown. */
  readonly cause: Cause | null;
}

/** The first result that settles the matter, else the first in doubt, else the rest. */
function settledBy<T, Cause>(
  settling: Match,
  otherwise: Match,
  items: readonly T[],
  test: (item: T) => Doubtful<Cause>,
): Doubtful<Cause> {
  let doubt: Doubtful<Cause> | null = null;
  for (const item of items) {
    const result = test(item);
    if (result.match === settling) return result;
    if (result.match === 'unknown') doubt ??= result;
  }
  return doubt ?? { match: otherwise, cause: null };
}

/** No as soon as one is, unknown when one is, else yes: of nothing, yes. */
export function everyMatch<T, Cause>(
  items: readonly T[],
  test: (item: T) => Doubtful<Cause>,
): Doubtful<Cause> {
  return settledBy('no', 'yes', items, test);
}

/** Yes as soon as one is, unknown when one is, else no: of nothing, no. */
export function someMatch<T, Cause>(
  items: readonly T[],
  test: (item: T) => Doubtful<Cause>,
): Doubtful<Cause> {
  return settledBy('yes', 'no', items, test);
}

const OPPOSITE: Readonly<Record<Match, Match>> = { yes: 'no', no: 'yes', unknown: 'unknown' };

export function notMatch<Cause>({ match, cause }: Doubtful<Cause>): Doubtful<Cause> {
  return { match: OPPOSITE[match], cause };
}

export function bothMatch(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}
