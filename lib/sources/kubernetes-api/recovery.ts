import { backoffDelay } from './backoff.ts';
import type { Failure } from './failure.ts';

export type Phase = 'list' | 'watch';

/** What failed; a `first-watch` follows a list, a `watch` goes on from a former one. */
export type FailedStep = Phase | 'first-watch';

export interface Recovery {
  /** `watch` goes on from the last version; `list` reads everything again. */
  readonly next: Phase;
  readonly waitMs: number;
}

/** A server may ask for more patience than anybody has. */
const LONGEST_RETRY_AFTER = 120_000;
/** Lists in place of a watch that is not allowed: how often. */
const POLL = 30_000;
const TOO_MANY_PAUSE = 300_000;
/** A watch that fails as often in a row may never work, behind some proxy: a list gives news at least. */
const WATCH_TRIES = 5;

/** What to do after failure number `attempt` in a row. There is always a next step (R8). */
export function recover(
  failure: Failure,
  during: FailedStep,
  attempt: number,
  random: number,
): Recovery {
  const { cause } = failure;
  const next = during === 'list' || needsList(failure, attempt) ? 'list' : 'watch';
  const backoff = backoffDelay(attempt, random);
  if (cause.kind === 'too-many-objects') return { next, waitMs: TOO_MANY_PAUSE };
  if (cause.kind !== 'status') return { next, waitMs: backoff };
  if (cause.status === 403 && during === 'first-watch') return { next, waitMs: POLL };
  // B8: an answer, not a trouble of the server's; how often it was down before does not matter
  if (cause.status === 410 && during === 'watch') return { next, waitMs: backoffDelay(1, random) };
  const asked = Math.min(cause.retryAfterMs ?? 0, LONGEST_RETRY_AFTER);
  return { next, waitMs: Math.max(asked, backoff) };
}

/** Whether a watch that failed cannot go on from where it was. */
function needsList({ cause, message }: Failure, attempt: number): boolean {
  // R11: a line that was not understood may have been a change
  if (cause.kind === 'malformed') return true;
  if (cause.kind === 'status') {
    if (cause.status === 401 || cause.status === 429) return false;
    // B9: this replica is behind; a list is always answered with the newest state
    if (cause.status < 500 || /too large resource version/i.test(message)) return true;
  }
  return attempt % WATCH_TRIES === 0;
}

/** Whether the failure says nothing but that the server could not be talked to. */
export function isSilence({ cause }: Failure): boolean {
  return cause.kind === 'unreachable' || cause.kind === 'timeout' || cause.kind === 'stalled';
}
