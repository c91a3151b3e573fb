import type { ApiConnection } from './api-connection.ts';
import { type Clock, wait } from './clock.ts';
import { asFailure, type Failure } from './failure.ts';

const PERIOD = 30_000;
const TIMEOUT = 15_000;

/**
 * Asks a server that has been silent for half a minute whether it is there, and calls `lost` when it
 * is not. A watch alone cannot tell a quiet cluster from a frozen server before the next bookmark is
 * overdue, which takes 75 s (B3). Runs until the signal aborts.
 */
export async function heartbeat(
  connection: ApiConnection,
  clock: Clock,
  signal: AbortSignal,
  lost: (failure: Failure) => void,
): Promise<void> {
  let pause = PERIOD;
  while (!signal.aborted) {
    await wait(clock, pause, signal);
    const silence = clock.monotonic() - connection.lastByteAt;
    pause = PERIOD - silence;
    if (signal.aborted || pause > 0) continue;
    pause = PERIOD;
    try {
      await connection.probe('/version', { signal, timeoutMs: TIMEOUT });
    } catch (error) {
      if (!signal.aborted) lost(asFailure(error, connection.server));
    }
  }
}
