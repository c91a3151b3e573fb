import {
  type AddressSet,
  type ClusterSnapshot,
  type Gap,
  type PolicyDocument,
  podsByNamespace,
} from '#lib/engine/cluster-snapshot.ts';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { type Parsed, parseOwned } from '#lib/manifests/metadata.ts';
import { parseNamespace } from '#lib/manifests/namespace.ts';
import { parseNode } from '#lib/manifests/node.ts';
import { parsePod } from '#lib/manifests/pod.ts';
import { parseEndpointSlice, parseService } from '#lib/manifests/service.ts';
import {
  type Namespace,
  namespacedName,
  type Pod,
  type Service,
  type ServiceBackend,
} from '#lib/model/cluster.ts';
import type { IpAddress } from '#lib/model/ip-address.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import type { NotEvaluatedKind } from '#lib/model/not-evaluated.ts';
import { compareText, policyKey } from '#lib/model/object-ref.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
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
import type { Compile, PolicyKind } from '#lib/policies/policy-kind.ts';
import type { ListState, SourceObject, SourceSink } from '#lib/sources/cluster-source.ts';
import { createEntryTables } from './entry-tables.ts';
import { notEnforced } from './not-enforced.ts';
import { AFFECTED_BY, notEvaluatedGap, parseNotEvaluated } from './not-evaluated.ts';
import { createObjectTable, type ObjectTable } from './object-table.ts';
import { createPluginTables, type PluginSearch } from './plugin-tables.ts';
import { referenceTables, referred, refOf } from './references.ts';
import { type Owners, workloadOf } from './workload-owners.ts';

/** Keeps what a source tells, and gives the cluster at this moment. */
export interface SnapshotStore extends SourceSink {
  /** The same object until something changes. */
  snapshot(): ClusterSnapshot;
  /** By resourceName, in the order the resources were asked for. */
  states(): ReadonlyMap<string, { readonly state: ListState; readonly objects: number }>;
}

interface CompiledObject {
  readonly policies: readonly CompiledPolicy[];
  readonly problems: readonly Problem[];
  readonly addressSets: readonly AddressSet[];
}

function compileWith({ kind }: Resource, compile: Compile) {
  return (body: unknown, origin: ObjectOrigin | null): Parsed<CompiledObject> => {
    const { policies, problems, addressSets = [] } = compile(body);
    const object = policies[0]?.ref ?? refOf(kind, body);
    return {
      ok: true,
      value: {
        policies,
        problems: problems.map((each) => ({ ...each, object, origin })),
        addressSets,
      },
    };
  };
}

interface CompiledEntry {
  readonly key: string;
  readonly value: CompiledObject;
  readonly object: SourceObject;
}

/** The objects that hold policies, sorted; of those that several lists have, the first list's (CAL-1). */
function compiledOnce(
  lists: readonly (readonly { readonly value: CompiledObject; readonly object: SourceObject }[])[],
): readonly CompiledEntry[] {
  const byKey = new Map<string, CompiledEntry>();
  for (const { value, object } of lists.flat()) {
    const [first] = value.policies;
    // An object without policies has problems all the same.
    const key = first === undefined ? JSON.stringify(object.body.metadata) : policyKey(first.ref);
    if (!byKey.has(key)) byKey.set(key, { key, value, object });
  }
  return [...byKey.values()].sort((a, b) => compareText(a.key, b.key));
}

/** The namespaces a list was read in; null when it was read everywhere, or not at all. */
function readOnlyIn(state: ListState): readonly string[] | null {
  return state.status === 'live' || state.status === 'stale' ? (state.namespaces ?? null) : null;
}

/** By resource: the namespaces that all of its entries name; an entry of null is for every namespace. */
function readableIn(
  entries: readonly { readonly resource: string; readonly namespaces: readonly string[] | null }[],
): ClusterSnapshot['readIn'] {
  const readIn = new Map<string, ReadonlySet<string>>();
  for (const { resource, namespaces } of entries) {
    if (namespaces === null) continue;
    const known = readIn.get(resource);
    readIn.set(resource, new Set(namespaces.filter((each) => known?.has(each) ?? true)));
  }
  return readIn;
}

const LEAVE_OPEN: ReadonlySet<Gap['affects']> = new Set([
  'policies',
  'further-policies',
  'further-egress',
]);

/** What a state leaves in the dark; null when the list is complete, or the kind is not there. */
function gapOf(
  resource: Resource,
  state: ListState,
  affects: Gap['affects'],
  podNamespaces: ReadonlySet<string>,
): Gap | null {
  const name = resourceName(resource);
  switch (state.status) {
    case 'live':
    case 'stale': {
      const { namespaces } = state;
      if (namespaces === undefined) return null;
      // Pods whose policies may not be read are not open.
      const isLacking = [...podNamespaces].some((namespace) => !namespaces.includes(namespace));
      return {
        resource: name,
        cause: 'forbidden',
        affects: LEAVE_OPEN.has(affects) && isLacking ? affects : 'context',
        message: `only read in ${namespaces.join(', ')}: other namespaces may not be listed`,
      };
    }
    case 'not-installed':
      return null;
    case 'forbidden':
      return { resource: name, cause: 'forbidden', affects, message: state.message };
    case 'failed':
      return { resource: name, cause: 'failed', affects, message: state.message };
    case 'syncing':
      return { resource: name, cause: 'syncing', affects, message: 'not read yet' };
  }
}

/** What is read in one form and may be in another, with the form that says it all (CAL-1); by resourceName. */
function preferredForms(kinds: readonly PolicyKind[]): ReadonlyMap<string, string> {
  return new Map(
    kinds
      .flatMap(({ resource, alsoServedAs = [], refersTo = [] }) => [
        { resource, others: alsoServedAs.map((each) => each.resource) },
        ...refersTo.map((each) => ({ resource: each.resource, others: each.alsoServedAs ?? [] })),
      ])
      .flatMap(({ resource, others }) =>
        others.map((other) => [resourceName(other), resourceName(resource)] as const),
      ),
  );
}

function isComplete(state: ListState | undefined): boolean {
  return (state?.status === 'live' || state?.status === 'stale') && state.namespaces === undefined;
}

/** Everybody's namespaces: those declared, and those only mentioned (SEL-12). */
function completeNamespaces(
  declared: readonly Namespace[],
  mentioned: Iterable<string>,
  labelsKnown: boolean,
): ReadonlyMap<string, Namespace> {
  const namespaces = new Map(declared.map((namespace) => [namespace.name, namespace]));
  for (const name of mentioned)
    if (!namespaces.has(name))
      namespaces.set(name, {
        name,
        labels: new Map([[NAMESPACE_NAME_LABEL, name]]),
        annotations: new Map(),
        declared: false,
        labelsKnown,
      });
  return new Map([...namespaces].sort(([a], [b]) => compareText(a, b)));
}

/**
 * Creates an empty store. `kinds` are the policy kinds to compile, `notEvaluated` those whose objects
 * leave verdicts open; `onChange` is called after every
 * change, synchronously.
 */
export function createSnapshotStore(options: {
  readonly kinds: readonly PolicyKind[];
  readonly notEvaluated?: readonly NotEvaluatedKind[];
  /** The network plugin's, or how to find it out. */
  readonly profile: CniProfile | PluginSearch;
  readonly onChange?: () => void;
}): SnapshotStore {
  const pods = createObjectTable(true, parsePod);
  const namespaces = createObjectTable(false, parseNamespace);
  const services = createObjectTable(true, parseService);
  const slices = createObjectTable(true, parseEndpointSlice);
  const nodes = createObjectTable(false, parseNode);
  const replicaSets = createObjectTable(true, parseOwned);
  const jobs = createObjectTable(true, parseOwned);
  const entries = createEntryTables();
  const plugins = createPluginTables(options.profile);
  const policies = options.kinds
    .flatMap(({ resource, compile, alsoServedAs = [] }) => [{ resource, compile }, ...alsoServedAs])
    .map(({ resource, compile }) => ({
      resource,
      table: createObjectTable(resource.namespaced, compileWith(resource, compile)),
    }));
  const references = referenceTables(options.kinds);
  const forms = preferredForms(options.kinds);

  const notEvaluated = (options.notEvaluated ?? []).map((resource) => ({
    resource,
    table: createObjectTable(resource.namespaced, parseNotEvaluated(resource)),
  }));

  const all: readonly {
    readonly resource: Resource;
    readonly table: ObjectTable<unknown>;
    readonly affects: Gap['affects'];
  }[] = [
    { resource: NAMESPACES, table: namespaces, affects: 'namespaces' },
    { resource: PODS, table: pods, affects: 'pods' },
    ...policies.map(({ resource, table }) => ({ resource, table, affects: 'policies' as const })),
    ...references.map((each) => ({ ...each, affects: 'policies' as const })),
    ...notEvaluated.map((each) => ({ ...each, affects: AFFECTED_BY[each.resource.effect] })),
    { resource: SERVICES, table: services, affects: 'context' },
    { resource: ENDPOINT_SLICES, table: slices, affects: 'context' },
    { resource: NODES, table: nodes, affects: 'context' },
    { resource: REPLICA_SETS, table: replicaSets, affects: 'context' },
    { resource: JOBS, table: jobs, affects: 'context' },
    ...entries.all.map((each) => ({ ...each, affects: 'context' as const })),
  ];
  const tables = new Map(
    [...all, ...plugins.all].map((each) => [resourceName(each.resource), each.table]),
  );
  let sourceProblems: readonly Problem[] = [];
  let current: ClusterSnapshot | null = null;
  const changed = () => {
    current = null;
    options.onChange?.();
  };

  function servicesWithEndpoints(): readonly Service[] {
    const behind = new Map<string, { endpoints: IpAddress[]; backends: ServiceBackend[] }>();
    for (const { namespace, service, addresses, backends } of slices.values()) {
      if (service === null) continue;
      const key = namespacedName(namespace, service);
      const known = behind.get(key) ?? { endpoints: [], backends: [] };
      known.endpoints.push(...addresses);
      known.backends.push(...backends);
      behind.set(key, known);
    }
    return services.values().map((service) => ({
      ...service,
      ...behind.get(namespacedName(service.namespace, service.name)),
    }));
  }

  function podsWithWorkloads(): readonly Pod[] {
    const ownersIn = ({ state, values }: typeof jobs): Owners =>
      state.status === 'live' || state.status === 'stale'
        ? new Map(values().map(({ key, controller }) => [key, controller]))
        : null;
    const owners = { replicaSets: ownersIn(replicaSets), jobs: ownersIn(jobs) };
    return pods.values().map((pod) => {
      const workload = workloadOf(pod, owners);
      return workload === pod.workload ? pod : { ...pod, workload };
    });
  }

  function build(): ClusterSnapshot {
    const compiled = compiledOnce(policies.map(({ table }) => table.entries()));
    const { tiers, addressSets: sets } = referred(references.map(({ table }) => table.values()));
    const addressSets = [...sets, ...compiled.flatMap(({ value }) => value.addressSets)];
    const livePods = podsWithWorkloads();
    const podNamespaces = new Set(livePods.map((pod) => pod.namespace));
    const mentioned = new Set([
      ...podNamespaces,
      ...services.values().map((service) => service.namespace),
      ...compiled.flatMap(({ value }) => value.policies.flatMap(({ ref }) => ref.namespace ?? [])),
      ...addressSets.flatMap(({ ref }) => ref.namespace ?? []),
    ]);
    const { status } = namespaces.state;
    const everyNamespace = completeNamespaces(
      namespaces.values(),
      mentioned,
      status === 'live' || status === 'stale',
    );
    const undecided = notEvaluated.flatMap(
      ({ resource, table }) => notEvaluatedGap(resource, table.values(), everyNamespace) ?? [],
    );
    const found = compiled.flatMap(({ value }) => value.policies);
    const { profile, plugin } = plugins.found(nodes, found);
    return {
      namespaces: everyNamespace,
      pods: livePods,
      podsByNamespace: podsByNamespace(livePods),
      services: servicesWithEndpoints(),
      entryPoints: entries.entryPoints(everyNamespace),
      nodes: new Map(nodes.values().map((node) => [node.name, node])),
      policies: found,
      documents: new Map(
        compiled.map(({ key, object }): [string, PolicyDocument] => [key, object]),
      ),
      tiers,
      addressSets,
      profile,
      plugin,
      gaps: [
        ...all.flatMap(({ resource, table, affects }) => {
          const preferred = forms.get(resourceName(resource));
          return preferred !== undefined && isComplete(tables.get(preferred)?.state)
            ? []
            : (gapOf(resource, table.state, affects, podNamespaces) ?? []);
        }),
        ...undecided.map(({ gap }) => gap),
      ],
      readIn: readableIn([
        ...all.map(({ resource, table }) => ({
          resource: resourceName(resource),
          namespaces: readOnlyIn(table.state),
        })),
        ...undecided.map(({ gap, untouched }) => ({
          resource: gap.resource,
          namespaces: [...untouched],
        })),
      ]),
      problems: [
        ...sourceProblems,
        ...all.flatMap(({ table }) => table.problems()),
        ...compiled.flatMap(({ value }) => value.problems),
        ...references.flatMap(({ table }) => table.values().flatMap(({ problems }) => problems)),
        ...notEnforced(found, profile, plugin),
        ...notEvaluated.flatMap(({ table }) =>
          table.values().flatMap(({ problem }) => problem ?? []),
        ),
      ],
    };
  }

  return {
    snapshot() {
      current ??= build();
      return current;
    },
    states: () =>
      new Map(
        [...tables].map(([name, { state, size }]) => [name, { state, objects: size }] as const),
      ),
    changed(resource, changes) {
      tables.get(resourceName(resource))?.apply(changes);
      changed();
    },
    stateChanged(resource, state) {
      tables.get(resourceName(resource))?.setState(state);
      changed();
    },
    problemsChanged(problems) {
      sourceProblems = problems;
      changed();
    },
  };
}
