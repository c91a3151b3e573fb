import { inspect } from 'node:util';
import type { Answered } from './browsing.ts';
import type { Usage } from './monitor-log.ts';
import type { Outcome } from './run-load.ts';
import type { WaveOutcome } from './run-wave.ts';

/** One figure with the goal beside it; null where there is none. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly goal: string;
  readonly met: boolean | null;
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const KIB = 1024;

function atMost(what: string, value: number, goal: number, unit: (value: number) => string): Row {
  const met = Number.isNaN(value) ? null : value <= goal;
  return { what, figure: unit(value), goal: `≤ ${unit(goal)}`, met };
}

function plain(what: string, figure: string): Row {
  return { what, figure, goal: '', met: null };
}

function exactly(what: string, value: string | number, goal: string | number): Row {
  return { what, figure: String(value), goal: String(goal), met: value === goal };
}

function time(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return 'not seen';
  if (!(milliseconds >= 1000)) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

function size(bytes: number): string {
  if (Number.isNaN(bytes)) return 'none';
  if (bytes >= GIB) return `${(bytes / GIB).toFixed(2)} GiB`;
  if (bytes >= MIB) return `${(bytes / MIB).toFixed(0)} MiB`;
  return `${(bytes / KIB).toFixed(1)} KiB`;
}

function viewRow({ name, latency, bytes, unchanged }: Answered): Row {
  const figure = `p50 ${time(latency.at(0.5))}, p99 ${time(latency.at(0.99))}`;
  const sent = bytes.count === 0 ? '' : `, ${size(bytes.most)} at most`;
  return plain(`  ${name}`, `${figure}; ${latency.count} asked, ${unchanged} unchanged${sent}`);
}

/** How late the event loop was; what is late in an idle process is late because of the machine. */
function lateRows({ lag }: Usage, idle: Usage): readonly Row[] {
  return [
    atMost('  event loop late, p99', lag.at(0.99), 50, time),
    plain('  event loop late, p50, most', `${time(lag.at(0.5))}, ${time(lag.most)}`),
    plain('  idle process late, p99, most', `${time(idle.lag.at(0.99))}, ${time(idle.lag.most)}`),
  ];
}

function waveRows(label: string, outcome: WaveOutcome): readonly Row[] {
  const { wave, perSecond, usage, bytesPerSecond, answered } = outcome;
  const { viewLag, spread, deltaSpread, deltas } = outcome;
  return [
    plain(`${label}: changes`, `${perSecond.toFixed(0)}/s of ${wave.perSecond}/s`),
    atMost('  change to view, p99', viewLag.at(0.99), 2000, time),
    plain('  change to view, p50', time(viewLag.at(0.5))),
    atMost('  first to each other viewer, p99', spread.at(0.99), 1000, time),
    atMost('  the same of graphs followed, p99', deltaSpread.at(0.99), 1000, time),
    plain('  deltas, p50, most', `${size(deltas.at(0.5))}, ${size(deltas.most)}`),
    ...lateRows(usage, outcome.idle),
    atMost('  resident', usage.resident, GIB, size),
    plain('  processors', usage.processors.toFixed(2)),
    plain('  settled after', time(outcome.settled)),
    plain('  sent to a viewer', `${size(bytesPerSecond)}/s`),
    ...answered.map(viewRow),
  ];
}

/** What a run gave, beside the goals. */
export function rowsOf(outcome: Outcome): readonly Row[] {
  const { sync, stop, mistakes } = outcome;
  return [
    atMost(`first sync of ${outcome.objects} objects`, sync.milliseconds, 20_000, time),
    plain('  first view answered', time(sync.start)),
    atMost('  resident', sync.usage.resident, GIB, size),
    ...lateRows(sync.usage, sync.idle),
    plain('  processors', sync.usage.processors.toFixed(2)),
    plain('  progress told', `${sync.progress} times`),
    plain('viewers', `${outcome.viewers}, ${outcome.reconnects} came back`),
    atMost('  each', outcome.heldPerViewer, 50_000, size),
    plain('  one too many', `${outcome.refusal.status} ${outcome.refusal.contentType}`),
    ...waveRows('steady', outcome.steady),
    ...waveRows('burst', outcome.burst),
    plain('slow readers dropped', String(outcome.slowDropped)),
    plain(
      'graphs followed and compared',
      `${outcome.followed.applied} deltas, ${outcome.followed.reads} times read whole`,
    ),
    exactly('mistakes (store, views, streams)', mistakes.length, 0),
    exactly('stop: told bye', outcome.goodbyes, outcome.readers),
    atMost('  time', stop.milliseconds, 10_000, time),
    exactly('  exit code', inspect(stop.code), '0'),
  ];
}

/** The rows as a table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, figure, goal, met }) => {
    const verdict = met === null ? '' : met ? 'met' : 'missed';
    return `| ${what} | ${figure} | ${goal} | ${verdict} |`;
  });
  return ['| what | figure | goal | |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
