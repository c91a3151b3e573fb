import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HotFunction } from '#bench/measure/hot-functions.ts';
import type { Measurement, Skipped } from '#bench/measure/measurement.ts';

/** What one run of all cases found. */
export interface RunResult {
  readonly seed: number;
  readonly quick: boolean;
  readonly full: boolean;
  readonly node: string;
  readonly cores: number;
  /** `2026-03-02`. */
  readonly date: string;
  /** Every case ran; else the page says that some did not. */
  readonly whole: boolean;
  /** Names of the cases that ran. */
  readonly cases: readonly string[];
  readonly measurements: readonly Measurement[];
  readonly skipped: readonly Skipped[];
  /** By name of a case with a goal it missed: where its time went. */
  readonly profiles: Readonly<Record<string, readonly HotFunction[]>>;
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The last run whatever it found, and the last that somebody accepted; only that is in Git. */
const FILES = {
  latest: fileOf('./latest.json'),
  accepted: fileOf('./accepted.json'),
} as const;

/** Null when there is none. */
export function readResult(which: keyof typeof FILES): RunResult | null {
  try {
    return JSON.parse(readFileSync(FILES[which], 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export function writeResult(which: keyof typeof FILES, result: RunResult): void {
  mkdirSync(dirname(FILES[which]), { recursive: true });
  writeFileSync(FILES[which], `${JSON.stringify(result, null, 2)}\n`);
}
