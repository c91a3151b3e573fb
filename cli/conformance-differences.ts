import { z } from 'zod';
import { type ClusterSnapshot, withPods } from '#lib/engine/cluster-snapshot.ts';
import type { ContainerPort, Pod, Service, ServicePort } from '#lib/model/cluster.ts';
import type { BackendPort, EntryBackend } from '#lib/model/entry-point.ts';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import { selects } from '#lib/model/selector.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';

/**
 * Where other tools depart from what Kubernetes or network plugins do, and this engine does not
 * follow. A departure explains a case only when, with
 * the cluster seen as that tool sees it, every answer agrees.
 */
export interface Departure {
  /** The rule in the reference of semantics that this engine keeps to. */
  readonly rule: string;
  readonly because: string;
  /** The cluster as that tool sees it; null where it gives no answer at all. */
  readonly asSeen: ((snapshot: ClusterSnapshot) => ClusterSnapshot) | null;
  /** What the tool says when it gives no answer. */
  readonly refusal?: RegExp;
}

function eachPod(change: (pod: Pod) => Pod) {
  return (snapshot: ClusterSnapshot): ClusterSnapshot =>
    withPods(snapshot, snapshot.pods.map(change));
}

/** Of the containers proper, the first port of each name. */
function firstOfName(ports: readonly ContainerPort[]): readonly ContainerPort[] {
  const proper = ports.filter(({ container }) => container === 'regular');
  return proper.filter(
    ({ name }, index) => name === null || proper.findIndex((port) => port.name === name) === index,
  );
}

/** The objects of one group with their specs changed, and compiled anew. */
function withSpecs(change: (spec: JsonObject) => unknown) {
  return (snapshot: ClusterSnapshot): ClusterSnapshot => {
    const documents = new Map(snapshot.documents);
    const policies = snapshot.policies.flatMap((policy) => {
      const { group, kind } = policy.ref;
      const own = POLICY_KINDS.find(
        ({ resource: each }) => each.group === group && each.kind === kind,
      );
      const key = policyKey(policy.ref);
      const document = documents.get(key);
      const body = document?.body;
      if (group !== ADMIN_GROUP || own === undefined || !isJsonObject(body)) return policy;
      if (document === undefined || !isJsonObject(body.spec)) return policy;
      const changed = { ...body, spec: change(body.spec) };
      documents.set(key, { ...document, body: changed });
      return own.compile(changed).policies;
    });
    return { ...snapshot, policies, documents };
  };
}

const ADMIN_GROUP = 'policy.networking.k8s.io';

/** Every object within a value, changed from the inside out. */
function eachObject(value: unknown, change: (object: JsonObject) => JsonObject): unknown {
  if (Array.isArray(value)) return value.map((item) => eachObject(item, change));
  if (!isJsonObject(value)) return value;
  const inside = Object.entries(value).map(([key, item]) => [key, eachObject(item, change)]);
  return change(Object.fromEntries(inside));
}

/** `pods` with the selectors that are left out. */
function withSelectors(object: JsonObject): JsonObject {
  return isJsonObject(object.pods)
    ? { ...object, pods: { namespaceSelector: {}, podSelector: {}, ...object.pods } }
    : object;
}

const selectedNamespaces = z.object({
  subject: z.object({
    pods: z.object({
      namespaceSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    }),
  }),
});

/** `namespaces: null` as those that have, or have not, the labels of the subject's. */
function withNamespaces(operator: 'In' | 'NotIn') {
  return withSpecs((spec) => {
    const selected = selectedNamespaces.safeParse(spec);
    if (!selected.success) return spec;
    const { matchLabels } = selected.data.subject.pods.namespaceSelector;
    const matchExpressions = Object.entries(matchLabels).map(([key, value]) => ({
      key,
      operator,
      values: [value],
    }));
    return eachObject(spec, (object) =>
      object.namespaces === null ? { ...object, namespaces: { matchExpressions } } : object,
    );
  });
}

/** The port of a Service that a way in means for that tool: by name, number, or target port. */
function meantPort({ ports }: Service, wanted: BackendPort): ServicePort | undefined {
  if (wanted.of === 'all') return undefined;
  return ports.find(({ name, port, targetPort }) => [name, port, targetPort].includes(wanted.port));
}

function withMeantPorts(snapshot: ClusterSnapshot): ClusterSnapshot {
  const change = (backend: EntryBackend): EntryBackend => {
    if (backend.kind !== 'service') return backend;
    const service = snapshot.services.find(
      ({ namespace, name }) => namespace === backend.namespace && name === backend.name,
    );
    const meant = service === undefined ? undefined : meantPort(service, backend.port);
    return meant === undefined
      ? backend
      : { ...backend, port: { of: 'service', port: meant.port } };
  };
  return {
    ...snapshot,
    entryPoints: snapshot.entryPoints.map((point) => ({
      ...point,
      ways: point.ways.map((way) => ({ ...way, backends: way.backends.map(change) })),
    })),
  };
}

/** Services without the ports that no container of theirs lists. */
function withListedPorts(snapshot: ClusterSnapshot): ClusterSnapshot {
  return {
    ...snapshot,
    services: snapshot.services.map((service) => {
      const { namespace, selector } = service;
      const listed = snapshot.pods
        .filter((pod) => pod.namespace === namespace && selects(selector ?? [], pod.labels))
        .flatMap(({ ports }) => ports);
      const isListed = ({ targetPort, protocol }: ServicePort) =>
        typeof targetPort === 'string' ||
        listed.some((own) => own.port === targetPort && own.protocol === protocol);
      return { ...service, ports: service.ports.filter(isListed) };
    }),
  };
}

export const DEPARTURES: readonly Departure[] = [
  {
    rule: 'GEN-13',
    because:
      'netpol-analyzer treats pods on their node’s network as ordinary ones; here policies neither select them nor match them by labels.',
    asSeen: eachPod((pod) => ({ ...pod, hostNetwork: false })),
  },
  {
    rule: 'GEN-18',
    because:
      'netpol-analyzer lists connections of pods that have finished; here they own no address and have none.',
    asSeen: eachPod((pod) => ({ ...pod, finished: false })),
  },
  {
    rule: 'NP-32',
    because:
      'netpol-analyzer never lets an ipBlock match a pod; Kubernetes’ own tests expect that it does where the pod’s address is known.',
    asSeen: (snapshot) => ({
      ...snapshot,
      profile: {
        ...snapshot.profile,
        flags: { ...snapshot.profile.flags, ipBlockMatchesPods: 'no' },
      },
    }),
  },
  {
    rule: 'NP-39',
    because:
      'netpol-analyzer resolves a named port to the first port of that name only, and never to a sidecar’s.',
    asSeen: eachPod((pod) => ({ ...pod, ports: firstOfName(pod.ports) })),
  },
  {
    rule: 'CNP-12',
    because:
      'netpol-analyzer reads a podSelector or namespaceSelector that is left out as everything; the definition of the kind requires it, so an API server refuses the policy, and here what it says is unknown.',
    asSeen: withSpecs((spec) => eachObject(spec, withSelectors)),
  },
  {
    rule: 'ANP-6',
    because:
      'policy-assistant answered notSameLabels, which the manifests of the case no longer have (namespaces: null is in its place); an API server refuses that, and here what such a policy says is unknown.',
    asSeen: withNamespaces('NotIn'),
  },
  {
    rule: 'ANP-6',
    because:
      'policy-assistant answered sameLabels, which the manifests of the case no longer have either.',
    asSeen: withNamespaces('In'),
  },
  {
    rule: 'GEN-11',
    because:
      'netpol-analyzer lets an Ingress name the target port of a Service, and a Route its port; the APIs define the Service’s own port for the one and that of the endpoints for the other, and controllers differ about the rest.',
    asSeen: withMeantPorts,
  },
  {
    rule: 'GEN-8',
    because:
      'netpol-analyzer leaves out what an Ingress leads to on ports that no container lists; a container listens on them all the same.',
    asSeen: withListedPorts,
  },
  {
    rule: 'ANP-7',
    because:
      'netpol-analyzer refuses two AdminNetworkPolicies of one priority; an API server takes them, and here what they decide is unknown where they disagree.',
    asSeen: null,
    refusal: /have same priority/,
  },
  {
    rule: 'ANP-4',
    because:
      'netpol-analyzer refuses a range of ports that ends below its start; the definition of the kind takes it, and here it holds no port, with a warning.',
    asSeen: null,
    refusal: /^Error: .*admin network policy.*port range \d+-\d+ is/s,
  },
  {
    rule: 'NP-41',
    because:
      'netpol-analyzer refuses named ports beside addresses; an API server takes them, and here an address has no named port.',
    asSeen: null,
    refusal: /cannot convert named port for an IP destination/,
  },
  {
    rule: 'GEN-3',
    because:
      'netpol-analyzer refuses pods of one owner that policies tell apart; here each of them is listed with its own connections.',
    asSeen: null,
    refusal: /same owner workload .* differences in their labels/,
  },
];

/** The rule about a kind that is named and not evaluated, by kind; VEN-1 for any other. */
export const NOT_EVALUATED_RULES: ReadonlyMap<string, string> = new Map([
  ['UserDefinedNetwork', 'OVN-3'],
  ['ClusterUserDefinedNetwork', 'OVN-3'],
  ['EgressFirewall', 'OVN-2'],
  ['AuthorizationPolicy', 'IST-1'],
]);
