import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import { workloadView } from './workload-builder.ts';
import type { PeerLine, WorkloadView } from './workload-view.ts';

const CONTEXT = { cluster: 'fixture', revision: 3, readAt: null };

function find(
  [namespace, kind, name]: readonly [string, string, string],
  policies: Readonly<Record<string, string>>,
  options: ScenarioOptions = {},
): WorkloadView | null {
  const { connectivity } = scenario(policies, options);
  return workloadView(connectivity, CONTEXT, { kind, namespace, name });
}

function view(...question: Parameters<typeof find>): WorkloadView {
  const found = find(...question);
  if (found === null) throw new Error('not found');
  return found;
}

/** `shop/web: TCP 8081 rules`, with what the other side blocks behind `but not`. */
function lines(peers: readonly PeerLine[]): readonly string[] {
  return peers.map(({ peer, allowed, unknown, blockedByOtherSide, basis }) => {
    const name =
      peer.kind === 'workload'
        ? `${peer.ref.namespace}/${peer.ref.name}`
        : peer.kind === 'addresses'
          ? peer.label
          : '';
    const doubt = unknown === 'none' ? '' : ` perhaps ${unknown}`;
    const lost = blockedByOtherSide === 'none' ? '' : ` but not ${blockedByOtherSide}`;
    return `${name}: ${allowed}${doubt}${lost} ${basis}`;
  });
}

const API = ['shop', 'pod', 'api'] as const;

describe('a workload', () => {
  const POLICIES = {
    'shop/api': `
podSelector: {matchLabels: {app: api}}
policyTypes: [Ingress, Egress]
ingress:
  - {from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, db]}]}}], ports: [{port: http}]}
  - {from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.5/32]}}], ports: [{protocol: UDP}, {port: 1, endPort: 9}]}
  - {from: [{namespaceSelector: {matchLabels: {team: b}}}]}
egress:
  - {to: [{podSelector: {}}], ports: [{port: 5432}]}`,
    'shop/db':
      '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress], egress: [{}]}',
  };
  const api = view(API, POLICIES);

  test('says what it is, and where it is from', () => {
    expect(api).toMatchObject({
      ...CONTEXT,
      ref: { kind: 'Pod', namespace: 'shop', name: 'api' },
      owner: null,
      labels: [{ key: 'app', value: 'api' }],
      mixed: false,
      services: [{ namespace: 'shop', name: 'api', ports: 'TCP 80 → http' }],
      pods: [
        { name: 'api', phase: 'Running', addresses: ['10.0.1.11'], node: 'n2', finished: false },
      ],
    });
  });

  test('has the policies that select it, with the words of their rules and whom they match now', () => {
    const [policy] = api.ingress.policies;
    expect(api.ingress).toMatchObject({ direction: 'ingress', isolation: 'isolated' });
    expect(api.ingress.policies).toHaveLength(1);
    expect(policy?.rules.map(({ ports }) => ports)).toEqual([
      ['TCP http'],
      ['UDP', 'TCP 1-9'],
      'all',
    ]);
    expect(policy?.rules.map(({ rule }) => rule.index)).toEqual([0, 1, 2]);
    expect(policy?.rules.flatMap(({ peers }) => peers.map(({ match }) => match))).toEqual([
      {
        kind: 'pods',
        pods: 'app in (db,web)',
        namespaces: { kind: 'named', name: 'shop' },
        workloads: ['db', 'web'].map((name) => ({ kind: 'Pod', namespace: 'shop', name })),
        count: 2,
      },
      { kind: 'addresses', block: '203.0.113.0/24', except: ['203.0.113.5'] },
      {
        kind: 'pods',
        pods: 'all',
        namespaces: { kind: 'labelled', selector: 'team=b' },
        workloads: [{ kind: 'Pod', namespace: 'ops', name: 'prom' }],
        count: 1,
      },
    ]);
  });

  test('has a line for each peer that may come in, workloads before ranges', () => {
    expect(lines(api.ingress.peers)).toEqual([
      'ops/prom: all rules',
      'shop/db: TCP 8081 rules',
      'shop/web: TCP 8081 rules',
      '203.0.113.0-203.0.113.4: TCP 1-9; UDP rules',
      '203.0.113.6-203.0.113.255: TCP 1-9; UDP rules',
    ]);
  });

  test('says what its own rules permit in vain', () => {
    // db is closed for ingress, so that the rule which names it leads nowhere.
    expect(lines(api.egress.peers)).toEqual([
      'shop/db: none but not TCP 5432 rules',
      'shop/web: TCP 5432 rules',
    ]);
    expect(api.egress.peers.map(({ verdict }) => verdict)).toEqual(['blocked', 'allowed']);
  });
});

test('an open workload has everybody who is not held back on the other side', () => {
  const web = view(['shop', 'pod', 'web'], { 'ops/closed': 'policyTypes: [Ingress, Egress]' });
  expect(web.ingress).toMatchObject({ isolation: 'open', policies: [] });
  expect(lines(web.ingress.peers)).toEqual([
    '0.0.0.0/0: all open',
    '::/0: all open',
    'kube-system/coredns: all open',
    'ops/agent: all open',
    'shop/api: all open',
    'shop/db: all open',
  ]);
  expect(lines(web.egress.peers)).not.toContain(expect.stringContaining('ops/prom'));
});

test('ranges that get the same answer are one line', () => {
  const web = view(['shop', 'pod', 'web'], {
    'shop/web':
      '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]}',
    'shop/db':
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}',
  });
  expect(lines(web.ingress.peers).at(-1)).toBe('0.0.0.0/0: all rules');
});

test('doubt has its cause', () => {
  const api = view(
    API,
    {
      'shop/api':
        '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{ipBlock: {cidr: 10.0.1.10/32}}], ports: [{port: 80}]}]}',
    },
    { flags: { ipBlockMatchesPods: 'unknown' } },
  );
  const [web] = api.ingress.peers;
  expect(web).toMatchObject({
    verdict: 'unknown',
    allowed: 'none',
    unknown: 'TCP 80',
    causes: [{ kind: 'cni-flag', flag: 'ipBlockMatchesPods' }],
  });
});

describe('pods of a controller', () => {
  const pod = (name: string, labels: string, phase = 'Running') =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: ${labels}, ownerReferences: [{kind: StatefulSet, name: s, controller: true}]}, status: {phase: ${phase}}}`;
  const objects = [
    pod('s-0', '{role: primary}'),
    pod('s-1', '{role: standby}'),
    pod('s-2', '{}', 'Failed'),
  ].join('\n---\n');
  const policies = {
    'shop/primary':
      '{podSelector: {matchLabels: {role: primary}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
  };

  test('are judged together, and it is said when they differ', () => {
    const set = view(['shop', 'statefulset', 's'], policies, { objects });
    expect(set.mixed).toBe(true);
    expect(set.ingress.isolation).toBe('mixed');
    expect(set.pods.map(({ name, finished }) => [name, finished])).toEqual([
      ['s-0', false],
      ['s-1', false],
      ['s-2', true],
    ]);
    expect(lines(set.ingress.peers)).toContain('shop/web: all rules');
  });

  test('can be looked at one by one', () => {
    const primary = view(['shop', 'Pod', 's-0'], policies, { objects });
    expect(primary).toMatchObject({
      ref: { kind: 'Pod', name: 's-0' },
      owner: { kind: 'StatefulSet', name: 's' },
      mixed: false,
      ingress: { isolation: 'isolated' },
    });
    expect(lines(primary.ingress.peers)).toContain('shop/web: all rules');
    expect(lines(primary.ingress.peers)).not.toContain('shop/api: all open');
    expect(view(['shop', 'pod', 's-1'], policies, { objects }).ingress.isolation).toBe('open');
  });

  test.each([
    ['shop', 'deployment', 's'],
    ['ops', 'statefulset', 's'],
    ['shop', 'pod', 's-2'],
    ['shop', 'pod', 'nobody'],
  ])('%s/%s/%s is not there', (...question) => {
    expect(find(question, policies, { objects })).toBeNull();
  });
});

describe('a hostNetwork pod', () => {
  const policies = { 'shop/closed': 'policyTypes: [Ingress]' };

  test('reaches the closed pods of its own node alone', () => {
    const agent = view(['ops', 'pod', 'agent'], policies);
    expect(lines(agent.egress.peers)).toEqual([
      '0.0.0.0/0: all open',
      '::/0: all open',
      'kube-system/coredns: all open',
      'ops/prom: all open',
      'shop/db: all open',
      'shop/web: all open',
    ]);
  });

  test('comes in for the node’s sake alone', () => {
    const db = view(['shop', 'pod', 'db'], policies);
    expect(lines(db.ingress.peers)).toEqual(['ops/agent: all same-node']);
    expect(lines(view(API, policies).ingress.peers)).toEqual([]);
  });

  test('of a node where some of the pods run reaches those', () => {
    const pod = (name: string, node: string) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, ownerReferences: [{kind: StatefulSet, name: s, controller: true}]}, spec: {nodeName: ${node}}}`;
    const objects = [pod('s-0', 'n1'), pod('s-1', 'n2')].join('\n---\n');
    const set = view(['shop', 'statefulset', 's'], policies, { objects });
    expect(lines(set.ingress.peers)).toEqual(['ops/agent: all same-node']);
  });
});

test('CAL-22 a selector that no set of addresses has is told as pods alone', () => {
  const objects = `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  selector: app == 'api'
  types: [Ingress]
  ingress: [{action: Allow, source: {selector: "app == 'web'"}}]
`;
  const { connectivity } = scenario({}, { objects, cni: 'calico' });
  const context = { cluster: 'fixture', revision: 1, readAt: null };
  const ref = { kind: 'Pod', namespace: 'shop', name: 'api' };
  const view = workloadView(connectivity, context, ref);
  const words = view?.ingress.policies.flatMap(({ rules }) =>
    rules.flatMap(({ peers }) => peers.map(({ match }) => match)),
  );
  expect(words).toMatchObject([{ kind: 'pods', count: 1 }]);
});
