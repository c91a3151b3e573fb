import { DEPARTURES, type Departure } from '#cli/conformance-differences.ts';
import { readSource } from '#cli/read-cluster.ts';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { openManifests } from '#lib/sources/manifests/manifests-source.ts';
import { connectionList } from '#lib/view/connection-list.ts';
import type { Case } from './cases.ts';
import { checkConnections } from './check-connections.ts';
import { type Comparison, checkProbes } from './check-probes.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly differences: readonly string[] }
  /** The answers differ, and agree once the other tool's departures are followed. */
  | { readonly kind: 'explained'; readonly by: readonly Departure[] }
  /** It is about kinds that are not evaluated, and the answers say so. */
  | { readonly kind: 'not-evaluated'; readonly kinds: readonly string[] };

export interface Result {
  readonly case: Case;
  /** Answers compared. */
  readonly checks: number;
  readonly outcome: Outcome;
}

/** Answers a case and compares. */
export async function runCase(each: Case): Promise<Result> {
  const source = openManifests({ path: each.manifests });
  const patience = { seconds: 60, attempts: 1, stderr: process.stderr };
  const snapshot = await readSource(source, KUBERNETES_PROFILE, patience);
  const kinds = snapshot.problems
    .filter(({ code }) => code === 'kind-not-evaluated')
    .map(({ object }) => object?.kind ?? '');
  if (kinds.length > 0)
    return {
      case: each,
      checks: 0,
      outcome: { kind: 'not-evaluated', kinds: [...new Set(kinds)].sort() },
    };
  const { checks, differences } = compareCase(each, snapshot);
  if (differences.length === 0) return { case: each, checks, outcome: { kind: 'passed' } };
  const by = explanation(each, snapshot);
  const outcome: Outcome =
    by === null ? { kind: 'failed', differences } : { kind: 'explained', by };
  return { case: each, checks, outcome };
}

function compareCase({ expected }: Case, snapshot: ClusterSnapshot): Comparison {
  if ('probes' in expected) return checkProbes(analyse(snapshot), expected.probes);
  if (expected.rc === 0)
    return checkConnections(connectionList(analyse(snapshot)), expected.connections);
  // What that tool refuses has to be an error here as well, in other words.
  const refused = snapshot.problems.some(({ severity }) => severity === 'error');
  return { checks: 1, differences: refused ? [] : ['expected an error, got an answer'] };
}

/** The fewest departures with which every answer agrees; null when there are none such. */
function explanation(each: Case, snapshot: ClusterSnapshot): readonly Departure[] | null {
  const { expected } = each;
  const refused = 'probes' in expected || expected.rc === 0 ? [] : expected.warnings;
  const refusal = DEPARTURES.find(({ refusal: words }) =>
    refused.some((line) => words?.test(line) === true),
  );
  if (refusal !== undefined) return [refusal];
  const found = subsets(DEPARTURES.filter(({ asSeen }) => asSeen !== null)).find((departures) => {
    const seen = departures.reduce((state, { asSeen }) => asSeen?.(state) ?? state, snapshot);
    return departures.length > 0 && compareCase(each, seen).differences.length === 0;
  });
  return found ?? null;
}

/** Smallest first. */
function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  const all: (readonly T[])[] = [[]];
  for (const item of items) all.push(...all.map((subset) => [...subset, item]));
  return all.toSorted((a, b) => a.length - b.length);
}
