import type { Detection } from '#lib/detection/detect-plugin.ts';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import { parseNamespace } from '#lib/manifests/namespace.ts';
import { parseNode } from '#lib/manifests/node.ts';
import { type EndpointSlice, parseEndpointSlice, parseService } from '#lib/manifests/service.ts';
import type { Node, Service } from '#lib/model/cluster.ts';
import type { NotEvaluatedKind } from '#lib/model/not-evaluated.ts';
import type { Problem } from '#lib/model/problem.ts';
import {
  ENDPOINT_SLICES,
  JOBS,
  NAMESPACES,
  NODES,
  PODS,
  REPLICA_SETS,
  type Resource,
  resourceName,
  SERVICES,
} from '#lib/model/resource.ts';
import type { PolicyKind } from '#lib/policies/policy-kind.ts';
import type { ListState, SourceObject, SourceSink } from '#lib/sources/cluster-source.ts';
import { createEntryTables } from './entry-tables.ts';
import { createEveryNamespace } from './every-namespace.ts';
import { type AskedList, gapsIn, preferredForms, type Undecided } from './gaps.ts';
import { notEnforced } from './not-enforced.ts';
import { createNotEvaluatedTables } from './not-evaluated.ts';
import { createObjectTable } from './object-table.ts';
import { createOwnerTable } from './owner-table.ts';
import { createPluginTables, type PluginSearch } from './plugin-tables.ts';
import { createPodTable } from './pod-table.ts';
import type { PolicyObjects } from './policy-objects.ts';
import { createPolicyTables } from './policy-tables.ts';
import { lazily, remember, rememberParts, rememberSame } from './remember.ts';
import { isSame } from './same-value.ts';
import { createServiceJoin } from './service-join.ts';

/** Keeps what a source tells, and gives the cluster at this moment. */
export interface SnapshotStore extends SourceSink {
  /**
   * The same object until something in it changes. Parts that did not change are the same objects as
   * in the snapshot before; lists over the whole cluster are made when they are asked for.
   */
  snapshot(): ClusterSnapshot;
  prepare(resource: Resource, object: SourceObject): SourceObject;
  /** By resourceName, in the order the resources were asked for. */
  states(): ReadonlyMap<string, { readonly state: ListState; readonly objects: number }>;
}

/** What a snapshot is put together from. */
interface Parts
  extends Pick<
    ClusterSnapshot,
    'namespaces' | 'podsByNamespace' | 'entryPoints' | 'nodes' | 'problems'
  > {
  readonly known: PolicyObjects;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly detection: Detection;
  readonly dark: Pick<ClusterSnapshot, 'gaps' | 'readIn'>;
}

/** Lists over the whole cluster are made when somebody asks: after most changes nobody does. */
function assembleWith(joinServices: ReturnType<typeof createServiceJoin>) {
  return ({ known, services, slices, detection, dark, ...parts }: Parts): ClusterSnapshot => {
    const { podsByNamespace } = parts;
    const pods = lazily(() => [...podsByNamespace.values()].flat());
    const joined = lazily(() => joinServices(services, slices));
    return {
      ...parts,
      get pods() {
        return pods();
      },
      get services() {
        return joined();
      },
      policies: known.policies,
      get documents() {
        return known.documents();
      },
      tiers: known.tiers,
      addressSets: known.addressSets,
      profile: detection.profile,
      plugin: detection.plugin,
      ...dark,
    };
  };
}

/**
 * Creates an empty store. `kinds` are the policy kinds to compile, `notEvaluated` those whose objects
 * leave verdicts open; `onChange` is called after every change, synchronously.
 */
export function createSnapshotStore(options: {
  readonly kinds: readonly PolicyKind[];
  readonly notEvaluated?: readonly NotEvaluatedKind[];
  /** The network plugin's, or how to find it out. */
  readonly profile: CniProfile | PluginSearch;
  readonly onChange?: () => void;
}): SnapshotStore {
  const reown = (namespace: string | null) => pods.reown(namespace);
  const replicaSets = createOwnerTable(reown);
  const jobs = createOwnerTable(reown);
  const pods = createPodTable(() => ({ replicaSets: replicaSets.owners(), jobs: jobs.owners() }));
  const namespaces = createObjectTable(false, parseNamespace);
  const services = createObjectTable(true, parseService);
  const slices = createObjectTable(true, parseEndpointSlice);
  const nodes = createObjectTable(false, parseNode);
  const entries = createEntryTables();
  const plugins = createPluginTables(options.profile, nodes);
  const policies = createPolicyTables(options.kinds);
  const notEvaluated = createNotEvaluatedTables(options.notEvaluated ?? []);

  const all: readonly AskedList[] = [
    { resource: NAMESPACES, table: namespaces, affects: 'namespaces' },
    { resource: PODS, table: pods, affects: 'pods' },
    ...policies.all,
    ...notEvaluated.all,
    { resource: SERVICES, table: services, affects: 'context' },
    { resource: ENDPOINT_SLICES, table: slices, affects: 'context' },
    { resource: NODES, table: nodes, affects: 'context' },
    { resource: REPLICA_SETS, table: replicaSets, affects: 'context' },
    { resource: JOBS, table: jobs, affects: 'context' },
    ...entries.all.map((each) => ({ ...each, affects: 'context' as const })),
  ];
  const forms = preferredForms(options.kinds, all);
  const tables = new Map(
    [...all, ...plugins.all].map((each) => [resourceName(each.resource), each.table]),
  );
  let sourceProblems: readonly Problem[] = [];
  /** Another object whenever the state of a list is another. */
  let stateOfLists: object = {};
  let current: ClusterSnapshot | null = null;
  /** Something was told since `current` was made. */
  let isOld = true;

  const everyNamespace = createEveryNamespace();
  const gapsNow = rememberSame(
    (_: object, podNamespaces: ReadonlySet<string>, ...undecided: readonly (Undecided | null)[]) =>
      gapsIn(all, forms, podNamespaces, undecided),
  );
  const unenforced = rememberSame(
    (_: PolicyObjects['roll'], { profile, plugin }: Detection): readonly Problem[] =>
      notEnforced(policies.objects().policies, profile, plugin),
  );
  const flat = remember((...lists: readonly (readonly Problem[])[]) => lists.flat());
  const byName = remember(
    (each: readonly Node[]): ClusterSnapshot['nodes'] =>
      new Map(each.map((node) => [node.name, node])),
  );
  const namespacesOf = rememberSame(
    (each: readonly Service[]): ReadonlySet<string> =>
      new Set(each.map(({ namespace }) => namespace)),
  );
  const assemble = rememberParts(assembleWith(createServiceJoin()));

  function build(): ClusterSnapshot {
    const known = policies.objects();
    const everyone = everyNamespace(
      namespaces.values(),
      isRead(namespaces.state),
      pods.namespaces(),
      namespacesOf(services.values()),
      known.namespaces,
    );
    const detection = plugins.found(known);
    return assemble({
      namespaces: everyone,
      podsByNamespace: pods.byNamespace(),
      entryPoints: entries.entryPoints(everyone),
      nodes: byName(nodes.values()),
      known,
      services: services.values(),
      slices: slices.values(),
      detection,
      dark: gapsNow(stateOfLists, pods.namespaces(), ...notEvaluated.undecided(everyone)),
      problems: flat(
        sourceProblems,
        ...all.map(({ table }) => table.problems()),
        known.problems,
        unenforced(known.roll, detection),
        notEvaluated.problems(),
      ),
    });
  }

  const changed = () => {
    isOld = true;
    options.onChange?.();
  };

  return {
    snapshot() {
      if (isOld || current === null) current = build();
      isOld = false;
      return current;
    },
    states: () =>
      new Map(
        [...tables].map(([name, { state, size }]) => [name, { state, objects: size }] as const),
      ),
    prepare: (resource, object) => tables.get(resourceName(resource))?.prepare(object) ?? object,
    changed(resource, changes) {
      tables.get(resourceName(resource))?.apply(changes);
      changed();
    },
    stateChanged(resource, state) {
      const table = tables.get(resourceName(resource));
      if (!isSame(table?.state, state)) stateOfLists = {};
      table?.setState(state);
      changed();
    },
    problemsChanged(problems) {
      sourceProblems = problems;
      changed();
    },
  };
}

function isRead({ status }: ListState): boolean {
  return status === 'live' || status === 'stale';
}
