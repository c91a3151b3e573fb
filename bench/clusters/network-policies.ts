import type { JsonObject } from '#lib/model/json.ts';
import { pick, type Random } from '#lib/sources/demo/random.ts';
import { ENVIRONMENTS, type NamespacePlan, TEAMS, type WorkloadPlan } from './cluster-plan.ts';
import { between, chance, weighted } from './streams.ts';

/** NetworkPolicies as teams write them. */

/** What the policies of one namespace are written from. */
export interface PolicyGround {
  readonly random: Random;
  readonly namespace: NamespacePlan;
  /** Others that its policies may name. */
  readonly others: readonly NamespacePlan[];
}

const OUTSIDE = ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/25', '8.8.8.0/24'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const NAMED = ['http', 'grpc', 'metrics', 'postgres', 'redis'];

type Spec = Readonly<Record<string, JsonObject | readonly JsonObject[] | readonly string[]>>;

/** Selects a workload by one of the labels that people use for it. */
function workloadSelector(random: Random, { app, tier }: WorkloadPlan): JsonObject {
  return weighted<JsonObject>(random, [
    [6, { matchLabels: { app } }],
    [2, { matchLabels: { 'app.kubernetes.io/name': app } }],
    [1, { matchLabels: { tier } }],
    [1, { matchExpressions: [{ key: 'app', operator: 'In', values: [app, `${app}-canary`] }] }],
  ]);
}

export function someWorkload(random: Random, namespace: NamespacePlan): WorkloadPlan | null {
  return namespace.workloads.length === 0 ? null : pick(random, namespace.workloads);
}

function byName(name: string): JsonObject {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

/** Selects some pods of the namespace; all of them where it has none. */
export function subjectIn({ random, namespace }: PolicyGround): JsonObject {
  const workload = someWorkload(random, namespace);
  return workload === null ? {} : workloadSelector(random, workload);
}

function tcp(port: number | string): JsonObject {
  return { protocol: 'TCP', port };
}

function portsFor(random: Random): readonly JsonObject[] {
  return weighted<() => readonly JsonObject[]>(random, [
    [5, () => [tcp(pick(random, [80, 443, 5432, 6379, 8080, 9000, 9090]))]],
    [2, () => [tcp(pick(random, NAMED))]],
    [1, () => [tcp(8080), tcp('metrics')]],
    [
      1,
      () => {
        const port = between(random, 30_000, 32_000);
        return [{ protocol: 'TCP', port, endPort: port + between(random, 1, 700) }];
      },
    ],
  ])();
}

/** A block outside the cluster; every tenth is one of its own. */
export function outsideBlock(random: Random): string {
  return chance(random, 0.1)
    ? `${between(random, 20, 99)}.${between(random, 0, 255)}.${between(random, 0, 255)}.0/24`
    : pick(random, OUTSIDE);
}

function peersFor(ground: PolicyGround): readonly JsonObject[] {
  const { random, others } = ground;
  return weighted<() => readonly JsonObject[]>(random, [
    [8, () => [{ podSelector: subjectIn(ground) }]],
    [
      4,
      () => {
        const other = pick(random, others);
        const workload = someWorkload(random, other);
        return [
          {
            namespaceSelector: byName(other.name),
            ...(workload === null ? {} : { podSelector: workloadSelector(random, workload) }),
          },
        ];
      },
    ],
    [1, () => [{ namespaceSelector: { matchLabels: { team: pick(random, TEAMS) } } }]],
    [
      1,
      () => [
        {
          namespaceSelector: { matchLabels: { env: pick(random, ENVIRONMENTS) } },
          podSelector: subjectIn(ground),
        },
      ],
    ],
    [1, () => [{ namespaceSelector: {} }]],
    [
      1,
      () => [
        {
          podSelector: {
            matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['frontend', 'legacy'] }],
          },
        },
      ],
    ],
    [1, () => [{ ipBlock: { cidr: outsideBlock(random) } }]],
    [1, () => [{ podSelector: subjectIn(ground) }, { namespaceSelector: byName('ingress') }]],
  ])();
}

const DNS: JsonObject = {
  to: [
    {
      namespaceSelector: byName('kube-system'),
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [{ protocol: 'UDP', port: 53 }, tcp(53)],
};

function defaultDeny({ random }: PolicyGround): Spec {
  return weighted<Spec>(random, [
    [3, { podSelector: {}, policyTypes: ['Ingress'] }],
    [1, { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [DNS] }],
  ]);
}

function admits(ground: PolicyGround): Spec {
  const { random } = ground;
  return {
    podSelector: subjectIn(ground),
    policyTypes: ['Ingress'],
    ingress: [{ from: peersFor(ground), ports: portsFor(random) }],
  };
}

function monitoring(): Spec {
  return {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { purpose: 'monitoring' } },
            podSelector: { matchLabels: { app: 'prometheus' } },
          },
        ],
        ports: [tcp('metrics')],
      },
    ],
  };
}

function reaches(ground: PolicyGround): Spec {
  const { random } = ground;
  return {
    podSelector: subjectIn(ground),
    policyTypes: ['Egress'],
    egress: [DNS, { to: peersFor(ground), ports: portsFor(random) }],
  };
}

function internet(ground: PolicyGround): Spec {
  return {
    podSelector: subjectIn(ground),
    policyTypes: ['Egress'],
    egress: [DNS, { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } }], ports: [tcp(443)] }],
  };
}

function published(ground: PolicyGround): Spec {
  return {
    podSelector: subjectIn(ground),
    policyTypes: ['Ingress'],
    ingress: [{ ports: [tcp('http')] }],
  };
}

/** One of a namespace's policies; the first closes it, as a rule. */
export function networkPolicy(ground: PolicyGround, index: number): JsonObject {
  const { random, namespace } = ground;
  const [kind, spec] =
    index === 0 && chance(random, 0.7)
      ? (['default-deny', defaultDeny] as const)
      : weighted<readonly [string, (ground: PolicyGround) => Spec]>(random, [
          [10, ['allow', admits]],
          [2, ['scrape', monitoring]],
          [4, ['egress', reaches]],
          [1, ['internet', internet]],
          [1, ['published', published]],
          [1, ['default-deny', defaultDeny]],
        ]);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${kind}-${String(index).padStart(4, '0')}`, namespace: namespace.name },
    spec: spec(ground),
  };
}
