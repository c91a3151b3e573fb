import fc from 'fast-check';
import type { SelectorExpression } from '#lib/policies/calico/selector-expression.ts';
import { cluster, PROBED_PORTS, PROTOCOLS } from './arbitraries.ts';
import type {
  RawAddressSet,
  RawCalicoCluster,
  RawCalicoPolicy,
  RawCalicoRule,
  RawEntity,
  RawTier,
} from './calico-reference.ts';
import { selectorExpression } from './calico-selectors.ts';

/** Small random clusters under Calico, dense in collisions. */

const NAMESPACES = ['red', 'blue', 'green'];
const TIERS = ['default', 'default', 'high', 'low', 'missing'];
const NETS = [
  '10.0.0.0/16',
  '10.0.0.2/31',
  '0.0.0.0/0',
  '203.0.113.0/24',
  '192.168.0.1',
  '10.0.0.4',
];

const is = (key: string, ...values: string[]): SelectorExpression => ({
  kind: 'label',
  requirement: { key, operator: 'In', values },
});

const own = fc.oneof(
  { weight: 4, arbitrary: selectorExpression },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      is('projectcalico.org/namespace', 'red'),
      is('projectcalico.org/orchestrator', 'k8s'),
      is('pcns.app', 'a'),
      { kind: 'not' as const, of: is('pcns.projectcalico.org/name', 'blue') },
    ),
  },
);

const ofNamespaces = fc.oneof(
  { weight: 3, arbitrary: selectorExpression },
  {
    weight: 2,
    arbitrary: fc.constantFrom<SelectorExpression>(
      { kind: 'all' },
      { kind: 'global' },
      is('projectcalico.org/name', 'red'),
      is('kubernetes.io/metadata.name', 'blue', 'green'),
    ),
  },
);

const nets = fc.uniqueArray(fc.constantFrom(...NETS), { minLength: 1, maxLength: 2 });

/** Mostly of few words, for what asks for much matches nobody. */
const entity: fc.Arbitrary<RawEntity> = fc.oneof(
  fc.constant({}),
  fc.record({ selector: own }),
  fc.record({ notSelector: own }),
  fc.record({ namespaceSelector: ofNamespaces }),
  fc.record({ nets }),
  fc.record({ notNets: nets }),
  fc.record(
    { selector: own, notSelector: own, namespaceSelector: ofNamespaces, nets, notNets: nets },
    { requiredKeys: [] },
  ),
);

const ports = fc.uniqueArray(
  fc.constantFrom<number | string>(...PROBED_PORTS, 'http', 'dns', '53:81'),
  { minLength: 1, maxLength: 2 },
);
const protocol = fc.constantFrom(...PROTOCOLS);

/** Ports go with a protocol. */
const rule: fc.Arbitrary<RawCalicoRule> = fc
  .record({
    action: fc.constantFrom('Allow', 'Allow', 'Deny', 'Pass', 'Log'),
    source: entity,
    destination: entity,
    protocols: fc.oneof(
      fc.constant({}),
      fc.record({ protocol }),
      fc.record({ notProtocol: protocol }),
    ),
    ported: fc.option(
      fc.record({ protocol, ports, notPorts: ports }, { requiredKeys: ['protocol'] }),
    ),
  })
  .map(({ action, source, destination, protocols, ported }): RawCalicoRule => {
    if (ported === null) return { action, ...protocols, source, destination };
    const { protocol: only, ...listed } = ported;
    return { action, protocol: only, source, destination: { ...destination, ...listed } };
  });

const rules = fc.array(rule, { maxLength: 3 });

const policy = fc
  .record(
    {
      namespace: fc.option(fc.constantFrom(...NAMESPACES)),
      staged: fc.nat(9).map((roll) => roll === 0),
      tier: fc.constantFrom(...TIERS),
      order: fc.option(fc.constantFrom(1, 2.5, 1000, 2000)),
      selector: own,
      namespaceSelector: selectorExpression,
      types: fc.subarray<'Ingress' | 'Egress'>(['Ingress', 'Egress'], { minLength: 1 }),
      ingress: rules,
      egress: rules,
    },
    { requiredKeys: ['namespace', 'staged', 'tier', 'order', 'ingress', 'egress'] },
  )
  .map(({ namespaceSelector, ...rest }) =>
    // Only global ones have it.
    rest.namespace === null && namespaceSelector !== undefined
      ? { ...rest, namespaceSelector }
      : rest,
  );

const tier = (name: string): fc.Arbitrary<RawTier> =>
  fc.record({
    name: fc.constant(name),
    order: fc.option(fc.constantFrom(100, 2_000_000)),
    defaultAction: fc.constantFrom('Deny', 'Pass'),
  });

const set = fc.record({
  namespace: fc.option(fc.constantFrom(...NAMESPACES)),
  labels: fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b'), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  nets,
});

/** Names in an order of their own, so that ties fall either way. */
const NAMES = ['m', 'c', 'x', 'policy-1', 'a', 'z'];

export const calicoCluster: fc.Arbitrary<RawCalicoCluster> = fc
  .record({
    raw: cluster,
    tiers: fc.tuple(tier('high'), tier('low')),
    sets: fc.array(set, { maxLength: 2 }),
    calico: fc.array(policy, { maxLength: NAMES.length }),
  })
  .map(({ raw, tiers, sets, calico }) => ({
    ...raw,
    tiers,
    sets: sets.map((each, i): RawAddressSet => ({ ...each, name: `set-${i}` })),
    calico: calico.map((each, i): RawCalicoPolicy => ({ ...each, name: NAMES[i] ?? `p-${i}` })),
  }));
