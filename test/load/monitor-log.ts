import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { MonitorLine } from './monitor.ts';
import { Samples } from './percentiles.ts';
import { endWithUs } from './waiting.ts';

const MONITOR = new URL('monitor.ts', import.meta.url).href;

/** What a process used within some time. */
export interface Usage {
  /** How late the main thread's event loop was, milliseconds. */
  readonly lag: Samples;
  /** The most memory the process held, bytes. */
  readonly resident: number;
  /** Share of one processor. */
  readonly processors: number;
}

/** The environment that makes a process of Node write to a monitor's file. */
export function monitored(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${MONITOR}`, SIGHTLINE_LOAD_MONITOR: file };
}

/** A process that does nothing: what is late there is late because of the machine. */
export function startIdleProcess(file: string): ChildProcess {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1e9)'], {
    stdio: 'ignore',
    env: { ...process.env, ...monitored(file) },
  });
  endWithUs(child);
  return child;
}

function linesOf(file: string): readonly MonitorLine[] {
  const text = readFileSync(file, 'utf8');
  // the last line may be half written
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)));
}

/** What a monitor wrote between two times in milliseconds since 1970. */
export function usageIn(file: string, from: number, to: number): Usage {
  const lines = linesOf(file).filter(({ at }) => at >= from && at <= to);
  const lag = new Samples();
  for (const { late } of lines) for (const milliseconds of late) lag.add(milliseconds);
  const [first] = lines;
  const last = lines.at(-1);
  const share =
    first === undefined || last === undefined
      ? Number.NaN
      : (last.processor - first.processor) / (last.at - first.at);
  return { lag, resident: Math.max(...lines.map((line) => line.resident)), processors: share };
}

/** What the main thread held each time that garbage had been collected, bytes. */
export function heldIn(file: string): readonly number[] {
  return linesOf(file).flatMap(({ collected, held }) => (collected ? [held] : []));
}
