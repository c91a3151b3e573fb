import { ByNamespace, changedNamespaces } from '#lib/model/by-namespace.ts';
import type { Namespace, Pod } from '#lib/model/cluster.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy, Direction } from './compiled-policy.ts';
import type { Connectivity } from './connectivity.ts';
import {
  type Distinctions,
  DistinctionTally,
  distinctionChanges,
  sameBlocks,
} from './distinctions.ts';
import type { AddressGroup } from './endpoint.ts';
import { hasReferences, linkPolicies } from './link.ts';
import { type NamespacePart, namespacePart } from './namespace-part.ts';
import { type Grouping, groupAddresses, groupingBy } from './pod-groups.ts';
import { PodPlaces } from './pod-places.ts';
import {
  mayBeAbout,
  NO_POLICIES,
  nextSubjects,
  type PolicyChanges,
  placesOfSubject,
  policiesAbout,
  policyChanges,
  type Subjects,
  subjectsOf,
} from './policy-subjects.ts';
import { RuleDirectory } from './rule-directory.ts';
import { type Sides, sidesOf } from './side.ts';

/**
 * Analyses of one cluster as it changes. Each is made from the one before: what a change does not
 * touch is taken over, and what is found anew is what a fresh analysis would find.
 */

/** What an analysis keeps for the one after it. */
export interface Lineage {
  readonly revision: number;
  /** The revision of the newest analysis: only that one is followed by another. */
  readonly newest: { revision: number };
  /** What its policies look at; those of the grouping may be older, and say the same of pods. */
  readonly distinctions: Distinctions;
  readonly grouping: Grouping;
  readonly subjects: Subjects;
  /** The policies before references were resolved. */
  readonly written: readonly CompiledPolicy[];
  /** Some of them refer to other objects. */
  readonly refers: boolean;
  /** Of the newest analysis. */
  readonly looks: DistinctionTally;
  readonly places: PodPlaces;
  readonly directory: RuleDirectory;
}

interface Analysis {
  readonly snapshot: ClusterSnapshot;
  readonly parts: ByNamespace<NamespacePart>;
  readonly sides: Sides;
  readonly sources: readonly AddressGroup[];
  readonly destinations: readonly AddressGroup[];
  readonly lineage: Lineage;
}

/** Makes the parts of namespaces; those without policies share their sides where nothing tells them apart. */
function partMaker(
  snapshot: ClusterSnapshot,
  subjects: Subjects,
  sides: Sides,
  grouping: Grouping,
) {
  const free = sides.around(NO_POLICIES);
  const isSame = snapshot.gaps.every(
    ({ affects }) => affects === 'context' || affects === 'pods' || affects === 'namespaces',
  );
  return (namespace: Namespace, pods: readonly Pod[]): NamespacePart => {
    const policies = policiesAbout(subjects, namespace);
    const around = policies.length === 0 && isSame ? free : sides.around(policies);
    return namespacePart(namespace, pods, grouping, around);
  };
}

function namespaceOf({ namespaces }: ClusterSnapshot, name: string): Namespace {
  const namespace = namespaces.get(name);
  if (namespace === undefined) throw new TypeError(`no namespace ${name}`);
  return namespace;
}

/** A first analysis, or one that has nothing to go on from. */
function freshAnalysis(written: ClusterSnapshot, linked: readonly CompiledPolicy[]): Analysis {
  const snapshot = withPolicies(written, linked);
  const looks = new DistinctionTally();
  looks.add(linked);
  const distinctions = looks.distinctions();
  const grouping = groupingBy(distinctions);
  const subjects = subjectsOf(linked);
  const sides = sidesOf(snapshot);
  const make = partMaker(snapshot, subjects, sides, grouping);
  const parts = ByNamespace.of(
    [...snapshot.podsByNamespace].map(
      ([name, pods]) => [name, make(namespaceOf(snapshot, name), pods)] as const,
    ),
  );
  const { ingress, egress } = distinctions.blocksTowards;
  return {
    snapshot,
    parts,
    sides,
    sources: groupAddresses(ingress),
    destinations: groupAddresses(egress),
    lineage: {
      revision: 0,
      newest: { revision: 0 },
      distinctions,
      grouping,
      subjects,
      written: written.policies,
      refers: written.policies.some(hasReferences),
      looks,
      places: PodPlaces.of(grouping, parts.values()),
      directory: directoryOf(linked, 0),
    },
  };
}

function directoryOf(policies: readonly CompiledPolicy[], revision: number): RuleDirectory {
  const directory = new RuleDirectory();
  directory.add(policies, revision);
  return directory;
}

/** With other policies; lists that the snapshot makes when asked for stay unmade. */
function withPolicies(
  snapshot: ClusterSnapshot,
  policies: readonly CompiledPolicy[],
): ClusterSnapshot {
  if (policies === snapshot.policies) return snapshot;
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(snapshot),
    policies: { value: policies, enumerable: true },
  });
}

/** Whether plain data says the same. */
function isAlike(a: unknown, b: unknown): boolean {
  const text = (data: unknown) =>
    JSON.stringify(data, (_, value: unknown) => {
      if (typeof value === 'bigint') return value.toString();
      return value instanceof Map || value instanceof Set ? [...value] : value;
    });
  return text(a) === text(b);
}

/** What policies refer to is resolved again only where it may have changed, and replaced only where it did. */
function relink(written: ClusterSnapshot, previous: Connectivity) {
  const { snapshot: before, lineage } = previous;
  const { removed, added } = policyChanges(lineage.written, written.policies);
  if (removed.length === 0 && added.length === 0 && isSameBehind(before, written, lineage))
    return { linked: before.policies, refers: lineage.refers };
  const refers = lineage.refers || added.some(hasReferences);
  if (!refers) return { linked: written.policies, refers };
  const known = new Map(lineage.written.map((policy, i) => [policy, before.policies[i]]));
  const linked = linkPolicies(written).map((policy, i) => {
    const source = written.policies[i];
    const old = source === undefined ? undefined : known.get(source);
    return old !== undefined && old !== policy && isAlike(old, policy) ? old : policy;
  });
  return { linked, refers };
}

/** Whether policies refer to nothing, or to nothing that changed. */
function isSameBehind(
  before: ClusterSnapshot,
  after: ClusterSnapshot,
  { refers }: Lineage,
): boolean {
  const same = (key: 'services' | 'addressSets' | 'namespaces' | 'gaps') =>
    before[key] === after[key];
  return !refers || (same('services') && same('addressSets') && same('namespaces') && same('gaps'));
}

/** Whether policies decide as before, whichever they are. */
function isSameGround(before: ClusterSnapshot, after: ClusterSnapshot): boolean {
  const same = (key: 'profile' | 'tiers' | 'gaps' | 'readIn') =>
    before[key] === after[key] || isAlike(before[key], after[key]);
  return same('profile') && same('tiers') && same('gaps') && same('readIn');
}

/** Namespaces whose pods are to be grouped anew because policies look at something else in them. */
function lookedAtAnew(
  pods: ReadonlyMap<string, readonly Pod[]>,
  { labelKeys, portNames }: NonNullable<ReturnType<typeof distinctionChanges>>,
): readonly string[] {
  if (labelKeys.length === 0 && portNames.length === 0) return [];
  const names = new Set(portNames);
  const isTouched = ({ labels, ports }: Pod) =>
    labelKeys.some((key) => labels.has(key)) ||
    (names.size > 0 && ports.some(({ name }) => name !== null && names.has(name)));
  return [...pods].flatMap(([name, inside]) => (inside.some(isTouched) ? [name] : []));
}

/** Namespaces with pods that a policy may select. */
function namespacesAbout(
  policy: CompiledPolicy,
  { podsByNamespace, namespaces }: ClusterSnapshot,
): readonly string[] {
  const names = placesOfSubject(policy);
  if (names !== null) return names.filter((name) => podsByNamespace.has(name));
  return [...podsByNamespace.keys()].filter((name) => {
    const namespace = namespaces.get(name);
    return namespace !== undefined && mayBeAbout(policy, namespace);
  });
}

function rangesOf(
  known: readonly AddressGroup[],
  before: Distinctions,
  after: Distinctions,
  direction: Direction,
): readonly AddressGroup[] {
  const blocks = after.blocksTowards[direction];
  return sameBlocks(before.blocksTowards[direction], blocks) ? known : groupAddresses(blocks);
}

function nextPlaces(
  { places }: Lineage,
  grouping: Grouping,
  made: readonly (readonly [string, NamespacePart | undefined])[],
): PodPlaces {
  const next = places.lookingAt(grouping);
  for (const [, part] of made) if (part !== undefined) next.add(part);
  return next;
}

function nextDirectory(
  { directory }: Lineage,
  { removed, added }: PolicyChanges,
  policies: readonly CompiledPolicy[],
  revision: number,
): RuleDirectory {
  directory.remove(removed, revision);
  directory.add(added, revision);
  // Earlier analyses keep the old one.
  return directory.gone > directory.size + MOST_GONE ? directoryOf(policies, 0) : directory;
}

/** More than half of a directory, and more than these, may not be of policies that have gone. */
const MOST_GONE = 100;

/** The analysis of a snapshot, from that of an earlier one where there is one to go on from. */
export function nextAnalysis(written: ClusterSnapshot, previous?: Connectivity): Analysis {
  if (previous === undefined || !isNewest(previous.lineage))
    return freshAnalysis(written, linkPolicies(written));
  const following = followingAnalysis(written, previous);
  if (following !== null) return following;
  // What the lineage keeps count of is of no use any more.
  previous.lineage.newest.revision++;
  return freshAnalysis(written, linkPolicies(written));
}

function isNewest({ revision, newest }: Lineage): boolean {
  return revision === newest.revision;
}

/** Null when too much has changed for anything to be taken over. */
function followingAnalysis(written: ClusterSnapshot, previous: Connectivity): Analysis | null {
  const { snapshot: before, lineage } = previous;
  if (!isSameGround(before, written)) return null;
  const { linked, refers } = relink(written, previous);
  const snapshot = withPolicies(written, linked);
  const policies = policyChanges(before.policies, linked);
  const known = lineage.distinctions;
  lineage.looks.remove(policies.removed);
  lineage.looks.add(policies.added);
  const distinctions = lineage.looks.distinctions();
  const looks = distinctionChanges(known, distinctions);
  if (looks === null || (distinctions.nodes && before.nodes !== written.nodes)) return null;
  const looksAlike = looks.labelKeys.length === 0 && looks.portNames.length === 0;
  const grouping = looksAlike ? lineage.grouping : groupingBy(distinctions);
  const subjects = nextSubjects(lineage.subjects, policies);
  const sides = sidesOf(snapshot);
  const changed = new Set([
    ...changedNamespaces(before.podsByNamespace, written.podsByNamespace),
    ...changedNamespaces(before.namespaces, written.namespaces),
    ...[...policies.removed, ...policies.added].flatMap((each) => namespacesAbout(each, snapshot)),
    ...lookedAtAnew(written.podsByNamespace, looks),
  ]);
  const make = partMaker(snapshot, subjects, sides, grouping);
  const made = [...changed].map((name): readonly [string, NamespacePart | undefined] => {
    const pods = written.podsByNamespace.get(name);
    return [name, pods === undefined ? undefined : make(namespaceOf(snapshot, name), pods)];
  });
  const parts = previous.parts.with(made);
  lineage.newest.revision++;
  const { revision } = lineage.newest;
  return {
    snapshot,
    parts,
    sides,
    sources: rangesOf(previous.sources, known, distinctions, 'ingress'),
    destinations: rangesOf(previous.destinations, known, distinctions, 'egress'),
    lineage: {
      revision,
      newest: lineage.newest,
      distinctions,
      grouping,
      subjects,
      written: written.policies,
      refers,
      looks: lineage.looks,
      places: nextPlaces(lineage, grouping, made),
      directory: nextDirectory(lineage, policies, linked, revision),
    },
  };
}
