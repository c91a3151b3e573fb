import { ADVERSARIAL } from './adversarial.ts';
import type { BenchCase } from './bench-case.ts';
import { BUILDS, GROWTHS } from './builds.ts';
import { CHANGES } from './changes.ts';
import { MEMORY } from './memory.ts';
import { QUERIES } from './queries.ts';

/** Every case there is, in the order of the table. */
export const CASES: readonly BenchCase[] = [
  ...BUILDS,
  ...MEMORY,
  ...QUERIES,
  ...CHANGES,
  ...ADVERSARIAL,
  ...GROWTHS,
];
