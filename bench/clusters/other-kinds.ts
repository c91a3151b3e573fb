import type { JsonObject } from '#lib/model/json.ts';
import { pick } from '#lib/sources/demo/random.ts';
import { ENVIRONMENTS, TEAMS } from './cluster-plan.ts';
import { outsideBlock, type PolicyGround, someWorkload } from './network-policies.ts';
import { between, chance, weighted } from './streams.ts';

/** Policies of the administrators' kinds, of Calico and of Cilium. */

function numbered(name: string, index: number): string {
  return `${name}-${String(index).padStart(4, '0')}`;
}

function appOf({ random, namespace }: PolicyGround): string {
  return someWorkload(random, namespace)?.app ?? 'web';
}

/** A priority of its own for each: equal ones are in no order. */
export function adminNetworkPolicy({ random }: PolicyGround, index: number): JsonObject {
  const action = pick(random, ['Allow', 'Deny', 'Pass']);
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: numbered('admin', index) },
    spec: {
      priority: index,
      subject: { namespaces: { matchLabels: { env: pick(random, ENVIRONMENTS) } } },
      ingress: [
        {
          name: 'peers',
          action,
          from: [{ namespaces: { matchLabels: { team: pick(random, TEAMS) } } }],
          ports: [{ portNumber: { protocol: 'TCP', port: between(random, 9000, 9100) } }],
        },
      ],
    },
  };
}

export function baselineAdminNetworkPolicy(): JsonObject {
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'BaselineAdminNetworkPolicy',
    metadata: { name: 'default' },
    spec: {
      subject: { namespaces: { matchLabels: { env: 'prod' } } },
      ingress: [
        {
          name: 'others',
          action: 'Deny',
          from: [
            {
              namespaces: {
                matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }],
              },
            },
          ],
        },
      ],
    },
  };
}

export function clusterNetworkPolicy(ground: PolicyGround, index: number): JsonObject {
  const { random } = ground;
  const isBaseline = chance(random, 0.3);
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: numbered('cluster', index) },
    spec: {
      tier: isBaseline ? 'Baseline' : 'Admin',
      priority: 500 + index,
      subject: { namespaces: { matchLabels: { team: pick(random, TEAMS) } } },
      ingress: [
        {
          name: 'scrape',
          action: 'Accept',
          from: [{ namespaces: { matchLabels: { purpose: 'monitoring' } } }],
          protocols: [{ tcp: { destinationPort: { number: 9090 } } }],
        },
        {
          name: 'others',
          action: isBaseline ? 'Deny' : 'Pass',
          from: [
            {
              pods: {
                namespaceSelector: { matchLabels: { env: pick(random, ENVIRONMENTS) } },
                podSelector: { matchLabels: { app: appOf(ground) } },
              },
            },
          ],
        },
      ],
    },
  };
}

export function calicoNetworkPolicy(ground: PolicyGround, index: number): JsonObject {
  const { random, namespace } = ground;
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'NetworkPolicy',
    metadata: { name: numbered('calico', index), namespace: namespace.name },
    spec: {
      order: between(random, 1, 1000),
      selector: `app == '${appOf(ground)}'`,
      types: ['Ingress'],
      ingress: [
        {
          action: pick(random, ['Allow', 'Allow', 'Deny']),
          protocol: 'TCP',
          source: weighted<JsonObject>(random, [
            [4, { selector: `app == '${appOf(ground)}'` }],
            [
              1,
              { selector: `tier in {'frontend', 'backend'}`, namespaceSelector: `env == 'prod'` },
            ],
            [1, { nets: [outsideBlock(random)] }],
          ]),
          destination: { ports: [8080] },
        },
      ],
    },
  };
}

export function globalNetworkPolicy({ random }: PolicyGround, index: number): JsonObject {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'GlobalNetworkPolicy',
    metadata: { name: numbered('global', index) },
    spec: {
      order: index,
      namespaceSelector: `team == '${pick(random, TEAMS)}'`,
      selector: `tier == '${pick(random, ['frontend', 'backend', 'database'])}'`,
      types: ['Ingress'],
      ingress: [
        { action: 'Deny', source: { nets: [outsideBlock(random)] } },
        { action: chance(random, 0.5) ? 'Pass' : 'Allow' },
      ],
    },
  };
}

export function ciliumNetworkPolicy(ground: PolicyGround, index: number): JsonObject {
  const { random, namespace, others } = ground;
  const from = weighted<() => JsonObject>(random, [
    [4, () => ({ fromEndpoints: [{ matchLabels: { app: appOf(ground) } }] })],
    [
      2,
      () => ({
        fromEndpoints: [
          { matchLabels: { 'k8s:io.kubernetes.pod.namespace': pick(random, others).name } },
        ],
      }),
    ],
    [1, () => ({ fromCIDRSet: [{ cidr: outsideBlock(random) }] })],
    [1, () => ({ fromEntities: ['cluster'] })],
  ])();
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: numbered('cilium', index), namespace: namespace.name },
    spec: {
      endpointSelector: { matchLabels: { app: appOf(ground) } },
      ingress: [{ ...from, toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] }],
    },
  };
}

export function clusterwideNetworkPolicy({ random }: PolicyGround, index: number): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: numbered('clusterwide', index) },
    spec: {
      endpointSelector: {
        matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': pick(random, TEAMS) },
      },
      enableDefaultDeny: { ingress: false, egress: false },
      ingressDeny: [{ fromCIDRSet: [{ cidr: outsideBlock(random) }] }],
    },
  };
}
