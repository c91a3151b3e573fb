import fc from 'fast-check';
import { cluster, PROBED_PORTS, PROTOCOLS } from './arbitraries.ts';
import type {
  RawCiliumCluster,
  RawCiliumEntry,
  RawCiliumPolicy,
  RawCiliumPort,
  RawCiliumRule,
} from './cilium-reference.ts';
import type { RawSelector } from './reference-evaluator.ts';

/** Small random clusters under Cilium, dense in collisions. */

const NAMESPACES = ['red', 'blue', 'green'];
const KEYS = ['app', 'k8s:tier', 'any:app', 'constructor'];
const VALUES = ['a', 'b', ''];
const NAMESPACE = 'io.kubernetes.pod.namespace';

const labels: fc.Arbitrary<RawSelector> = fc
  .dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
    maxKeys: 1,
    noNullPrototype: true,
  })
  .map((matchLabels) => ({ matchLabels }));

const expression: fc.Arbitrary<RawSelector> = fc.oneof(
  fc
    .record({
      key: fc.constantFrom(...KEYS),
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
    })
    .map((each) => ({ matchExpressions: [each] })),
  fc
    .record({
      key: fc.constantFrom(...KEYS),
      operator: fc.constantFrom('Exists', 'DoesNotExist'),
    })
    .map((each) => ({ matchExpressions: [each] })),
);

/** Selectors of pods by their own labels. */
const ofPods: fc.Arbitrary<RawSelector> = fc.oneof(labels, expression);

const ofNamespaces = fc.constantFrom<RawSelector>(
  { matchLabels: { [NAMESPACE]: 'red' } },
  { matchLabels: { [`k8s:${NAMESPACE}`]: 'blue' } },
  { matchExpressions: [{ key: NAMESPACE, operator: 'In', values: ['blue', 'green'] }] },
  { matchExpressions: [{ key: NAMESPACE, operator: 'Exists' }] },
  { matchLabels: { 'io.cilium.k8s.namespace.labels.app': 'a' } },
  { matchExpressions: [{ key: 'io.cilium.k8s.namespace.labels.tier', operator: 'Exists' }] },
);

/** What is no pod, and everything else; beside labels of pods nobody. */
const reserved = fc.constantFrom<RawSelector>(
  { matchLabels: { 'reserved:host': '' } },
  { matchLabels: { 'reserved:remote-node': '' } },
  { matchExpressions: [{ key: 'reserved:remote-node', operator: 'DoesNotExist' }] },
  {
    matchLabels: { app: 'a' },
    matchExpressions: [{ key: 'reserved:host', operator: 'DoesNotExist' }],
  },
  {
    matchExpressions: [
      { key: 'reserved:host', operator: 'DoesNotExist' },
      { key: 'app', operator: 'NotIn', values: ['a'] },
    ],
  },
);

function both(a: RawSelector, b: RawSelector): RawSelector {
  return {
    matchLabels: { ...a.matchLabels, ...b.matchLabels },
    matchExpressions: [...(a.matchExpressions ?? []), ...(b.matchExpressions ?? [])],
  };
}

const endpoint = fc.oneof(
  { weight: 4, arbitrary: ofPods },
  { weight: 2, arbitrary: ofNamespaces },
  { weight: 2, arbitrary: fc.tuple(ofPods, ofNamespaces).map(([a, b]) => both(a, b)) },
  { weight: 1, arbitrary: reserved },
);

const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 2 });

/** One kind of peers in an entry, or none (CIL-19). */
const peers: fc.Arbitrary<RawCiliumEntry> = fc.oneof(
  fc.constant({}),
  list(endpoint).map((Endpoints) => ({ Endpoints })),
  list(endpoint).map((Endpoints) => ({ Endpoints })),
  list(fc.constantFrom('all', 'world', 'host', 'remote-node', 'health', 'none')).map(
    (Entities) => ({ Entities }),
  ),
  list(
    fc.constantFrom(
      '0.0.0.0/0',
      '10.0.0.0/8',
      '203.0.113.0/24',
      '203.0.113.5/32',
      '192.168.0.1/32',
    ),
  ).map((CIDR) => ({ CIDR })),
  list(
    fc.constantFrom(
      { cidr: '0.0.0.0/0', except: ['203.0.113.0/25', '198.51.100.0/24'] },
      { cidr: '203.0.113.0/24', except: ['203.0.113.0/29'] },
      { cidr: '198.51.100.0/24' },
    ),
  ).map((CIDRSet) => ({ CIDRSet })),
);

const port: fc.Arbitrary<RawCiliumPort> = fc.record(
  {
    port: fc.constantFrom('0', ...PROBED_PORTS.map(String), 'http', 'DNS'),
    protocol: fc.constantFrom(...PROTOCOLS, 'ANY' as const),
  },
  { requiredKeys: ['port'] },
);
const range: fc.Arbitrary<RawCiliumPort> = fc.record(
  {
    port: fc.constantFrom('53', '80'),
    endPort: fc.constantFrom(80, 81, 9000),
    protocol: fc.constantFrom(...PROTOCOLS, 'ANY' as const),
  },
  { requiredKeys: ['port', 'endPort'] },
);
const toPorts = fc.array(
  fc.record({ ports: fc.array(fc.oneof(port, port, range), { minLength: 1, maxLength: 2 }) }),
  { maxLength: 2 },
);

const entry: fc.Arbitrary<RawCiliumEntry> = fc
  .tuple(peers, fc.option(toPorts, { nil: undefined }))
  .map(([who, ports]) => ({ ...who, ...(ports && { toPorts: ports }) }));

const entries = fc.array(entry, { minLength: 1, maxLength: 2 });

/** With an entry at least (CIL-3). */
const rule: fc.Arbitrary<RawCiliumRule> = fc
  .record(
    {
      endpointSelector: ofPods,
      enableDefaultDeny: fc.record(
        { ingress: fc.boolean(), egress: fc.boolean() },
        { requiredKeys: [] },
      ),
      ingress: entries,
      ingressDeny: entries,
      egress: entries,
      egressDeny: entries,
    },
    { requiredKeys: ['endpointSelector'] },
  )
  .filter(
    ({ ingress, ingressDeny, egress, egressDeny }) =>
      (ingress ?? ingressDeny ?? egress ?? egressDeny) !== undefined,
  );

const policy = fc.record({
  namespace: fc.constantFrom(...NAMESPACES, null, null),
  specs: fc.array(rule, { minLength: 1, maxLength: 2 }),
});

/** The same clusters with Cilium's policies beside NetworkPolicies. */
export const ciliumCluster: fc.Arbitrary<RawCiliumCluster> = fc
  .tuple(cluster, fc.array(policy, { maxLength: 4 }))
  .map(([raw, all]) => ({
    ...raw,
    policies: raw.policies.slice(0, 3),
    cilium: all.map((each, i): RawCiliumPolicy => ({ ...each, name: `cilium-${i}` })),
  }));
