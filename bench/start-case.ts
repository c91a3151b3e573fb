import { fork } from 'node:child_process';
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
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limitOf(seconds, options.full) * 1000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0 || late) resolve({ measurements, skipped, hot, late });
      else reject(new Error(`${name} ended with exit code ${code}`));
    });
  });
}
