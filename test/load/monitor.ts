/**
 * Preloaded into the server under load (`--import`), it writes how late the main thread's event loop
 * is and what the process uses, as JSON lines to the file in SIGHTLINE_LOAD_MONITOR. SIGUSR2 makes it
 * collect garbage and write a line at once.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** One line: what happened since the line before. */
export interface MonitorLine {
  /** Milliseconds since 1970, at the end. */
  readonly at: number;
  /** How many milliseconds each tick of TICK_MS came too late, one entry for each tick that was due. */
  readonly late: readonly number[];
  /** Of the whole process, bytes. */
  readonly resident: number;
  /** Of the main thread: its heap and what its objects hold outside, bytes. */
  readonly held: number;
  /** Processor time of the whole process so far, milliseconds. */
  readonly processor: number;
  /** Garbage was collected just before. */
  readonly collected: boolean;
}

const TICK_MS = 10;
const LINE_MS = 500;

function watch(output: WriteStream): void {
  let late: number[] = [];
  let due = performance.now() + TICK_MS;

  function write(collected: boolean): void {
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const line: MonitorLine = {
      at: performance.timeOrigin + performance.now(),
      late,
      resident: rss,
      held: heapUsed + external,
      processor: (user + system) / 1000,
      collected,
    };
    late = [];
    output.write(`${JSON.stringify(line)}\n`);
  }

  /** A tick that comes 100 ms late kept nine others from coming: who waited then waited as well. */
  function tick(): void {
    const now = performance.now();
    for (; due <= now; due += TICK_MS) late.push(Math.round(now - due));
    setTimeout(tick, due - now).unref();
  }

  setTimeout(tick, TICK_MS).unref();
  setInterval(() => write(false), LINE_MS).unref();
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    if (typeof collect === 'function') collect();
    write(true);
  });
}

const file = process.env.SIGHTLINE_LOAD_MONITOR;
if (isMainThread && file !== undefined) {
  // Not for processes that this one may start.
  delete process.env.SIGHTLINE_LOAD_MONITOR;
  watch(createWriteStream(file, { flags: 'a' }));
}
