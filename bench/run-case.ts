import { CASES } from './cases/registry.ts';
import { type HotFunction, hotFunctions } from './measure/hot-functions.ts';
import type { Measurement, Skipped } from './measure/measurement.ts';
import { startProfile } from './measure/profile.ts';

/** One case in a process of its own: what it finds goes to the parent, message by message. */

export interface CaseArguments {
  readonly name: string;
  readonly seed: number;
  readonly quick: boolean;
  readonly full: boolean;
  /** Say where the time went as well. */
  readonly profile: boolean;
}

export type CaseMessage =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'skipped'; readonly skipped: Skipped }
  | { readonly kind: 'profile'; readonly hot: readonly HotFunction[] };

const HOT_FUNCTIONS = 8;

async function main({ name, seed, quick, full, profile }: CaseArguments): Promise<void> {
  const found = CASES.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`no case ${name}`);
  const tell = (message: CaseMessage) => process.send?.(message);
  const endProfile = profile ? startProfile() : null;
  await found.run({
    seed,
    quick,
    full,
    report: (measurement) => tell({ kind: 'measured', measurement }),
    skip: (skipped) => tell({ kind: 'skipped', skipped }),
  });
  if (endProfile !== null)
    tell({ kind: 'profile', hot: hotFunctions(endProfile(), HOT_FUNCTIONS) });
  process.disconnect?.();
}

await main(JSON.parse(process.argv[2] ?? '{}'));
