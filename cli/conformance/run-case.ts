import { isDeepStrictEqual } from 'node:util';
import { DEPARTURES, type Departure } from '#cli/conformance-differences.ts';
import { readSource } from '#cli/read-cluster.ts';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import type { Problem } from '#lib/model/problem.ts';
import { openManifests } from '#lib/sources/manifests/manifests-source.ts';
import { connectionDiff } from '#lib/view/connection-diff.ts';
import { connectionList } from '#lib/view/connection-list.ts';
import type { Case } from './cases.ts';
import { checkChanges } from './check-changes.ts';
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
  const snapshots: ClusterSnapshot[] = [];
  for (const path of each.manifests) snapshots.push(await readFolder(path));
  const kinds = snapshots
    .flatMap(({ problems }) => problems)
    .filter(({ code }) => code === 'kind-not-evaluated')
    .map(({ object }) => object?.kind ?? '');
  if (kinds.length > 0)
    return {
      case: each,
      checks: 0,
      outcome: { kind: 'not-evaluated', kinds: [...new Set(kinds)].sort() },
    };
  const { checks, differences } = compareCase(each, snapshots);
  if (differences.length === 0) return { case: each, checks, outcome: { kind: 'passed' } };
  const by = explanation(each, snapshots);
  const outcome: Outcome =
    by === null ? { kind: 'failed', differences } : { kind: 'explained', by };
  return { case: each, checks, outcome };
}

function readFolder(path: string): Promise<ClusterSnapshot> {
  const patience = { seconds: 60, attempts: 1, stderr: process.stderr };
  return readSource(openManifests({ path }), KUBERNETES_PROFILE, patience);
}

function compareCase({ expected }: Case, snapshots: readonly ClusterSnapshot[]): Comparison {
  if (!('probes' in expected) && expected.rc !== 0) {
    // What that tool refuses has to be noticed here as well, in other words.
    const refused = snapshots.some(({ problems }) => problems.some(isRefusal));
    return { checks: 1, differences: refused ? [] : ['expected an error, got an answer'] };
  }
  const [first, second = first] = snapshots.map((each) => analyse(each));
  if (first === undefined || second === undefined) throw new Error('a case without manifests');
  if ('probes' in expected) return checkProbes(first, expected.probes);
  return 'changes' in expected
    ? checkChanges(connectionDiff(first, second), expected.changes)
    : checkConnections(connectionList(first), expected.connections);
}

/** An object that is there twice in the same words is only warned of: nothing is lost. */
function isRefusal({ severity, code }: Problem): boolean {
  return severity === 'error' || code === 'duplicate-object';
}

/** The fewest departures with which every answer agrees; null when there are none such. */
function explanation(
  each: Case,
  snapshots: readonly ClusterSnapshot[],
): readonly Departure[] | null {
  const { expected } = each;
  const refused = 'probes' in expected || expected.rc === 0 ? [] : expected.warnings;
  const refusal = DEPARTURES.find(({ refusal: words }) =>
    refused.some((line) => words?.test(line) === true),
  );
  if (refusal !== undefined) return [refusal];
  // One that sees the same cluster explains nothing, and twice as much would have to be tried.
  const others = DEPARTURES.filter(({ asSeen }) =>
    snapshots.some((snapshot) => asSeen !== null && !isDeepStrictEqual(asSeen(snapshot), snapshot)),
  );
  const found = subsets(others).find((departures) => {
    const seen = snapshots.map((snapshot) =>
      departures.reduce((state, { asSeen }) => asSeen?.(state) ?? state, snapshot),
    );
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
