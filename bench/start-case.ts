import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchCase } from './cases/bench-case.ts';
import type { HotFunction } from './measure/hot-functions.ts';
import type { Measurement, Skipped } from './measure/measurement.ts';
import type { CaseArguments, CaseMessage } from './run-case.ts';

export interface CaseRun {
  readonly measurements: readonly Measurement[];
  readonly skipped: readonly Skipped[];
  readonly hot: readonly HotFunction[];
  /** It was ended because it took too long. */
  readonly late: boolean;
}

const ENTRY = fileURLToPath(new URL('./run-case.ts', import.meta.url));

/** On a busy machine a case may wait for so many times what it may take. */
const PATIENCE = 5;

/** The kernel's clock for processes, in Hz, as every Linux has it. */
const TICKS = 100;

/** CPU seconds of a process so far; null where the system does not tell. */
function cpuSecondsOf(pid: number): number | null {
  try {
    // behind the name, which may hold anything, the user and system times are the 12th and 13th field
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return null;
  }
}

/** What is checked overnight may take as long. */
function limitOf(seconds: number, full: boolean): number {
  return full ? 20 * seconds : seconds;
}

/** Runs a case once in a fresh process. Rejects when it crashes. */
export function startCase(
  { name, seconds }: BenchCase,
  options: Omit<CaseArguments, 'name'>,
): Promise<CaseRun> {
  const measurements: Measurement[] = [];
  const skipped: Skipped[] = [];
  let hot: readonly HotFunction[] = [];
  let late = false;
  const child = fork(ENTRY, [JSON.stringify({ name, ...options })], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message: CaseMessage) => {
    if (message.kind === 'measured') measurements.push(message.measurement);
    else if (message.kind === 'skipped') skipped.push(message.skipped);
    else hot = message.hot;
  });
  const limit = limitOf(seconds, options.full);
  const start = performance.now();
  const timer = setInterval(() => {
    const waited = (performance.now() - start) / 1000;
    const spent = child.pid === undefined ? null : cpuSecondsOf(child.pid);
    if ((spent ?? waited) < limit && waited < PATIENCE * limit) return;
    late = true;
    child.kill('SIGKILL');
  }, 500);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0 || late) resolve({ measurements, skipped, hot, late });
      else reject(new Error(`${name} ended with exit code ${code}`));
    });
  });
}
