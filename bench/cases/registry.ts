import type { BenchCase } from './bench-case.ts';
import { BUILDS, GROWTHS } from './builds.ts';

/** Every case there is, in the order of the table. */
export const CASES: readonly BenchCase[] = [...BUILDS, ...GROWTHS];
