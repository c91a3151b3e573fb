import fc from 'fast-check';
import type {
  Protocol,
  RawAdminPolicy,
  RawAdminRule,
  RawCluster,
  RawPeer,
  RawPod,
  RawPolicy,
  RawPort,
  RawRule,
  RawSelector,
} from './reference-evaluator.ts';

/** Small random clusters, dense in collisions: few keys, values, ports and blocks, so that rules meet pods. */

const KEYS = ['app', 'tier', 'constructor'];
const VALUES = ['a', 'b', ''];
const NAMESPACES = ['red', 'blue', 'green'];
const NODES = ['n1', 'n2'];
const PORT_NAMES = ['http', 'dns'];
export const PROBED_PORTS = [1, 53, 80, 81, 8080, 65535];
export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

const labels = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
  maxKeys: 3,
  noNullPrototype: true,
});

const selector: fc.Arbitrary<RawSelector> = fc.record(
  {
    matchLabels: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
      maxKeys: 1,
      noNullPrototype: true,
    }),
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom(...KEYS),
          operator: fc.constantFrom('In', 'NotIn'),
          values: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
        }),
        fc.record({
          key: fc.constantFrom(...KEYS),
          operator: fc.constantFrom('Exists', 'DoesNotExist'),
        }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const namespaceSelector: fc.Arbitrary<RawSelector> = fc.oneof(
  selector,
  fc
    .constantFrom(...NAMESPACES)
    .map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
);

/** Blocks around the addresses that pods and outsiders have here. */
const ipBlock = fc.constantFrom(
  { cidr: '10.0.0.0/8' },
  { cidr: '10.0.0.0/16', except: ['10.0.0.0/30'] },
  { cidr: '10.0.0.2/31' },
  { cidr: '0.0.0.0/0' },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '192.168.0.0/16'] },
  { cidr: '203.0.113.0/24', except: ['203.0.113.128/25', '203.0.113.0/29'] },
  { cidr: '192.168.0.1/32' },
  { cidr: '203.0.113.77/24' },
);
export const OUTSIDERS = ['203.0.113.5', '203.0.113.60', '203.0.113.200', '198.51.100.1'];

const peer: fc.Arbitrary<RawPeer> = fc.oneof(
  selector.map((podSelector) => ({ podSelector })),
  namespaceSelector.map((each) => ({ namespaceSelector: each })),
  fc.record({ podSelector: selector, namespaceSelector }),
  ipBlock.map((each) => ({ ipBlock: each })),
);

const protocol = fc.constantFrom(...PROTOCOLS);
const port: fc.Arbitrary<RawPort> = fc.oneof(
  fc.record({ protocol }, { requiredKeys: [] }),
  fc.record(
    { protocol, port: fc.constantFrom<number | string>(...PROBED_PORTS, ...PORT_NAMES) },
    { requiredKeys: ['port'] },
  ),
  fc.record(
    { protocol, port: fc.constantFrom(53, 80), endPort: fc.constantFrom(80, 81, 9000) },
    { requiredKeys: ['port', 'endPort'] },
  ),
);

const rule = (field: 'from' | 'to'): fc.Arbitrary<RawRule> =>
  fc.record(
    { [field]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
    { requiredKeys: [] },
  );

const spec: fc.Arbitrary<RawPolicy['spec']> = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray<'Ingress' | 'Egress'>(['Ingress', 'Egress']),
    ingress: fc.array(rule('from'), { maxLength: 2 }),
    egress: fc.array(rule('to'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const pod = (index: number): fc.Arbitrary<RawPod> =>
  fc
    .record({
      namespace: fc.constantFrom(...NAMESPACES),
      labels,
      node: fc.constantFrom(...NODES),
      hostNetwork: fc.boolean().map((host) => host && index % 3 === 0),
      phase: fc.constantFrom('Running', 'Running', 'Running', 'Succeeded'),
      ports: fc.array(
        fc.record({
          name: fc.constantFrom(...PORT_NAMES),
          protocol,
          port: fc.constantFrom(...PROBED_PORTS),
        }),
        { maxLength: 3 },
      ),
    })
    .map((fields) => ({
      ...fields,
      name: `pod-${index}`,
      ip: fields.hostNetwork ? `192.168.0.${NODES.indexOf(fields.node) + 1}` : `10.0.0.${index}`,
    }));

/** A cluster of up to eight pods in three namespaces, one of them without an object of its own. */
export const cluster: fc.Arbitrary<RawCluster> = fc.record({
  namespaces: fc.record({ red: labels, blue: labels }).map(({ red, blue }) => [
    { name: 'red', labels: red },
    { name: 'blue', labels: blue },
  ]),
  pods: fc
    .integer({ min: 1, max: 8 })
    .chain((size) => fc.tuple(...Array.from({ length: size }, (_, i) => pod(i + 1)))),
  policies: fc
    .array(fc.record({ namespace: fc.constantFrom(...NAMESPACES), spec }), { maxLength: 6 })
    .map((all) =>
      all.map(({ namespace, spec: each }, i) => ({
        metadata: { namespace, name: `policy-${i}` },
        spec: each,
      })),
    ),
});

const podsBySelectors = fc.record({ namespaceSelector, podSelector: selector });
const podPeer = podsBySelectors.map((pods) => ({ pods }));
const networkPeer = ipBlock.map(({ cidr }) => ({ networks: [cidr] }));

const adminPort: NonNullable<fc.Arbitrary<NonNullable<RawAdminRule['ports']>[number]>> = fc.oneof(
  fc
    .record({ protocol, start: fc.constantFrom(...PROBED_PORTS) })
    .map(({ start, ...rest }) => ({ ...rest, start, end: start })),
  protocol.map((each) => ({ protocol: each, start: 53, end: 81 })),
  fc.constantFrom(...PORT_NAMES).map((name) => ({ name })),
);

const adminRules = (peers: fc.Arbitrary<RawAdminRule['peers'][number]>) =>
  fc.array(
    fc.record(
      {
        action: fc.constantFrom('Accept', 'Deny', 'Pass'),
        peers: fc.array(peers, { minLength: 1, maxLength: 2 }),
        ports: fc.array(adminPort, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['action', 'peers'] },
    ),
    { maxLength: 3 },
  );

/** A name at an address means nothing (AMB-6): rules for networks have numbers. */
function withoutNames(rules: readonly RawAdminRule[]): readonly RawAdminRule[] {
  return rules.filter(
    ({ peers, ports = [] }) =>
      !(peers.some((peer) => 'networks' in peer) && ports.some((port) => 'name' in port)),
  );
}

const adminPolicy = fc.record({
  tier: fc.constantFrom('Admin', 'Baseline'),
  subject: podsBySelectors,
  ingress: adminRules(podPeer),
  egress: adminRules(fc.oneof(podPeer, networkPeer)).map(withoutNames),
});

/** The kind by which a policy is written: the old ones where they can say it. */
function kindOf(
  tier: RawAdminPolicy['tier'],
  index: number,
  alone: boolean,
  rules: readonly RawAdminRule[],
) {
  if (tier === 'Admin') return index % 2 === 0 ? 'ClusterNetworkPolicy' : 'AdminNetworkPolicy';
  const passes = rules.some(({ action }) => action === 'Pass');
  return alone && !passes ? 'BaselineAdminNetworkPolicy' : 'ClusterNetworkPolicy';
}

/** The same clusters with policies of the tiers around NetworkPolicy, of all kinds. */
export const tieredCluster: fc.Arbitrary<RawCluster> = fc
  .tuple(cluster, fc.array(adminPolicy, { maxLength: 4 }))
  .map(([raw, all]) => ({
    ...raw,
    admin: all.map((policy, i): RawAdminPolicy => {
      const alone = all.filter(({ tier }) => tier === 'Baseline').length === 1;
      const kind = kindOf(policy.tier, i, alone, [...policy.ingress, ...policy.egress]);
      const name = kind === 'BaselineAdminNetworkPolicy' ? 'default' : `admin-${i}`;
      return { ...policy, kind, name, priority: all.length - i };
    }),
  }));
