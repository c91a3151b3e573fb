import { ADVERSARIAL } from './adversarial.ts';
import type { BenchCase } from './bench-case.ts';
import { BUILDS, GROWTHS } from './builds.ts';
import { CHANGES } from './changes.ts';
import { FIRST_SYNC } from './first-sync.ts';
import { GATE } from './gate.ts';
import { INGEST } from './ingest.ts';
import { MEMORY } from './memory.ts';
import { PEERS } from './peers.ts';
import { QUERIES } from './queries.ts';

/** Every case there is, in the order of the table. */
export const CASES: readonly BenchCase[] = [
  ...BUILDS,
  ...INGEST,
  ...PEERS,
  ...MEMORY,
  ...QUERIES,
  ...CHANGES,
  ...ADVERSARIAL,
  ...FIRST_SYNC,
  ...GATE,
  ...GROWTHS,
];
