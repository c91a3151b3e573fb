import type { Answered, Browsing } from './browsing.ts';
import type { Dashboard } from './dashboard.ts';
import type { LoadCluster } from './load-cluster.ts';
import type { Usage } from './monitor-log.ts';
import type { Profile, Wave } from './profiles.ts';
import type { Seen, Viewers } from './viewers.ts';
import { clock, PATIENCE_MS, pause } from './waiting.ts';

/** Without a new revision for so long, nothing more is coming. */
const QUIET_MS = 2000;

/** What one wave of changes did. */
export interface WaveOutcome extends Seen {
  readonly wave: Wave;
  /** Changes that were really made a second. */
  readonly perSecond: number;
  readonly usage: Usage;
  readonly idle: Usage;
  readonly answered: readonly Answered[];
  /** Sent to one viewer in a second. */
  readonly bytesPerSecond: number;
  /** From the last change until everybody had seen it, milliseconds; NaN when that took too long. */
  readonly settled: number;
}

export interface Surroundings {
  readonly profile: Profile;
  readonly cluster: LoadCluster;
  readonly dashboard: Dashboard;
  readonly idle: (from: number, to: number) => Usage;
  readonly watching: Viewers;
  readonly browsing: Browsing;
  readonly say: (line: string) => void;
}

/** Makes changes, lets people look and leave meanwhile, and waits until everybody has seen the last one. */
export async function runWave(wave: Wave, surroundings: Surroundings): Promise<WaveOutcome> {
  const { profile, cluster, dashboard, idle, watching, browsing, say } = surroundings;
  say(`${wave.perSecond} changes/s for ${wave.seconds} s`);
  watching.takeSeen();
  browsing.takeAnswered();
  const bytes = watching.bytes;
  const start = clock();
  browsing.start(profile.requestsPerSecond);
  let left = 0;
  const leaving =
    profile.reconnectsPerSecond === 0
      ? undefined
      : setInterval(() => watching.reconnect(left++), 1000 / profile.reconnectsPerSecond);
  const churned = await cluster.ask({ do: 'churn', wave });
  clearInterval(leaving);
  await browsing.stop();
  const end = clock();
  // what is still on its way belongs to this wave
  const settled = await untilSettled(watching);
  const seconds = (clock() - start) / 1000;
  return {
    wave,
    perSecond: (churned.events / churned.milliseconds) * 1000,
    usage: dashboard.usage(start, end),
    idle: idle(start, end),
    answered: browsing.takeAnswered(),
    settled: settled === null ? Number.NaN : Math.max(0, settled - end),
    bytesPerSecond: (watching.bytes - bytes) / watching.count / seconds,
    ...watching.takeSeen(),
  };
}

/**
 * What is sent to somebody who does not read first fills the buffers of both kernels. Small changes
 * go on until all that, and more than the server would keep, was sent.
 */
export async function choke({ profile, cluster, watching, say }: Surroundings): Promise<void> {
  if (profile.chokeBytes > 0) say('waiting for the slow readers to be dropped');
  const end = clock() + PATIENCE_MS;
  while (watching.bytes / watching.count < profile.chokeBytes && clock() < end) {
    await cluster.ask({ do: 'churn', wave: { perSecond: 20, seconds: 1 } });
  }
  await untilSettled(watching);
}

/** When everybody who reads had seen the newest revision, and no other came; null when that takes too long. */
async function untilSettled(watching: Viewers): Promise<number | null> {
  const end = clock() + PATIENCE_MS;
  let newest = -1;
  let since = 0;
  while (clock() < end) {
    const now = clock();
    if (watching.newest !== newest || !watching.agree) {
      newest = watching.newest;
      since = now;
    } else if (now - since >= QUIET_MS) return since;
    await pause(50);
  }
  return null;
}
