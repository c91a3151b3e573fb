import { describe, expect, test } from 'vitest';
import type { PolicyNote } from '#lib/engine/compiled-policy.ts';
import type {
  ConsideredPolicy,
  ConsideredRule,
  NearMiss,
  Reason,
  RuleRef,
  UnknownCause,
} from '#lib/engine/explanation.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, portRange } from '#lib/model/port-set.ts';
import type { ExplanationPart, ExplanationView } from '#lib/view/explanation-view.ts';
import type { EndpointView, RuleView } from '#lib/view/workload-view.ts';
import {
  causeClause,
  consideredPolicySentence,
  consideredRuleSentence,
  explanationHeadline,
  isolationSentence,
  nearMissSentence,
  noteSentence,
  pairCounts,
  reasonSentence,
  requestSentence,
  type SideEnds,
  verdictHeadline,
} from './reason-text.ts';
import { routingSentence, serviceSentence } from './routing-text.ts';
import { plainText } from './sentence.ts';

function policy(name: string): PolicyRef {
  return {
    group: 'networking.k8s.io',
    kind: 'NetworkPolicy',
    namespace: 'shop',
    name,
  };
}

function rule(name: string, index: number): RuleRef {
  return { policy: policy(name), direction: 'ingress', index };
}

function workload(namespace: string, name: string): EndpointView {
  return {
    kind: 'workload',
    ref: { kind: 'Deployment', namespace, name },
    pods: 2,
  };
}

const INTO_API: SideEnds = {
  direction: 'ingress',
  subject: workload('shop', 'api'),
  peer: workload('shop', 'web'),
};
const OUT_OF_WEB: SideEnds = {
  direction: 'egress',
  subject: workload('shop', 'web'),
  peer: workload('shop', 'api'),
};
const TCP_9090 = { protocol: 'TCP', port: 9090 } as const;

describe('the verdict in one line', () => {
  test.each([
    ['allowed', TCP_9090, 'shop/web can reach shop/api on TCP 9090'],
    ['allowed', null, 'shop/web can reach shop/api'],
    ['blocked', TCP_9090, 'shop/web is blocked from shop/api on TCP 9090'],
    ['blocked', null, 'shop/web is blocked from shop/api on every port'],
    ['unknown', TCP_9090, 'Unknown: whether shop/web can reach shop/api on TCP 9090'],
    ['mixed', TCP_9090, 'shop/web can reach only part of shop/api on TCP 9090'],
  ] as const)('%s, port %j', (verdict, port, expected) => {
    expect(verdictHeadline('shop/web', 'shop/api', port, verdict)).toBe(expected);
  });
});

describe('a whole explanation', () => {
  function part(verdict: 'allowed' | 'blocked' | 'unknown', pairs: number, allowed: PortSet) {
    const ports = { allowed, unknown: NO_PORTS };
    const side = {
      verdict,
      reason: { kind: 'no-policy' },
      ports,
      requests: [],
      considered: [],
      nearMiss: null,
    } as const;
    return {
      from: workload('shop', 'web'),
      to: workload('shop', 'api'),
      port: null,
      pairs,
      answer: {
        verdict,
        ports,
        egress: { ...side, direction: 'egress' },
        ingress: { ...side, direction: 'ingress' },
      },
    } satisfies ExplanationPart;
  }

  function view(
    verdict: ExplanationView['verdict'],
    parts: readonly ExplanationPart[],
  ): ExplanationView {
    return {
      cluster: 'demo',
      revision: 1,
      readAt: null,
      asked: { from: 'shop/web', to: 'shop/api', port: null },
      verdict,
      service: null,
      notes: [],
      parts,
      documents: [],
    };
  }

  test('names the open ports when any port was asked for', () => {
    expect(
      explanationHeadline(view('allowed', [part('allowed', 2, portRange('TCP', 80, 80))])),
    ).toBe('shop/web can reach shop/api on TCP 80');
    expect(explanationHeadline(view('allowed', [part('allowed', 2, ALL_PORTS)]))).toBe(
      'shop/web can reach shop/api on every port',
    );
  });

  test('does not name the ports of one part for all', () => {
    const parts = [part('allowed', 2, ALL_PORTS), part('allowed', 1, portRange('TCP', 80, 80))];
    expect(explanationHeadline(view('allowed', parts))).toBe(
      'shop/web can reach shop/api on some ports',
    );
  });

  test('counts the pairs of each verdict', () => {
    const parts = [
      part('allowed', 4, ALL_PORTS),
      part('blocked', 1, NO_PORTS),
      part('unknown', 1, NO_PORTS),
    ];
    expect(pairCounts(view('mixed', parts))).toBe('4 of 6 pairs allowed, 1 blocked, 1 unknown');
    expect(pairCounts(view('allowed', [part('allowed', 1, ALL_PORTS)]))).toBe(
      '1 of 1 pair allowed',
    );
  });

  test.each([
    [
      '8081',
      'Service shop/api sends TCP 80 to port 8081 of its pods; policies see the pods, never the Service.',
    ],
    [
      'unchanged',
      'Service shop/api is headless: its name leads to the pods, and ports stay as they are.',
    ],
  ])('says how a Service was translated to %s', (targets, expected) => {
    const service = { namespace: 'shop', name: 'api', port: 'TCP 80', targets, hostNames: [] };
    expect(plainText(serviceSentence(service))).toBe(expected);
  });

  test('names what was asked for by what it is', () => {
    const asked = { from: 'shop/deployment/web', to: '10.0.0.0/8', port: null };
    const parts = [part('blocked', 1, NO_PORTS)];
    const found = view('blocked', parts);
    expect(explanationHeadline({ ...found, asked })).toBe(
      'shop/web is blocked from shop/api on every port',
    );
    const service = {
      namespace: 'shop',
      name: 'api',
      port: 'TCP 80',
      targets: '8081',
      hostNames: [],
    };
    expect(explanationHeadline({ ...found, asked, service })).toBe(
      'shop/web is blocked from service shop/api on every port',
    );
    const two = [...parts, { ...part('blocked', 1, NO_PORTS), to: workload('shop', 'db') }];
    expect(explanationHeadline({ ...found, asked, parts: two })).toBe(
      'shop/web is blocked from 10.0.0.0/8 on every port',
    );
  });
});

describe('reasons', () => {
  test.each<[string, Reason, SideEnds, string]>([
    [
      'one rule',
      { kind: 'rules', rules: [rule('api-allow-web', 1)] },
      INTO_API,
      'Rule 2 of policy api-allow-web permits it.',
    ],
    [
      'two rules',
      { kind: 'rules', rules: [rule('a', 0), rule('b', 2)] },
      INTO_API,
      'Rule 1 of policy a permits it; so does rule 3 of policy b.',
    ],
    [
      'three rules',
      { kind: 'rules', rules: [rule('a', 0), rule('b', 2), rule('c', 0)] },
      INTO_API,
      'Rule 1 of policy a permits it; so do rule 3 of policy b and rule 1 of policy c.',
    ],
    [
      'isolated by one',
      { kind: 'isolated', by: [policy('deny')], tier: 'NetworkPolicy' },
      INTO_API,
      'shop/api is isolated for ingress by policy deny, and no rule permits this connection.',
    ],
    [
      'isolated by one of a tier of its own',
      { kind: 'isolated', by: [policy('deny')], tier: 'security' },
      INTO_API,
      'shop/api is isolated for ingress by policy deny, and no rule permits this connection: the security tier ends with a block.',
    ],
    [
      'isolated by the plugin',
      { kind: 'isolated-by-plugin' },
      INTO_API,
      'The network plugin isolates every pod for ingress, and no rule permits this connection.',
    ],
    [
      'isolated by two',
      { kind: 'isolated', by: [policy('deny'), policy('web')], tier: 'NetworkPolicy' },
      OUT_OF_WEB,
      'shop/web is isolated for egress by policies deny and web, and no rule permits this connection.',
    ],
    [
      'no policy, ingress',
      { kind: 'no-policy' },
      INTO_API,
      'No policy selects shop/api for ingress: every connection may come in.',
    ],
    [
      'no policy, egress',
      { kind: 'no-policy' },
      OUT_OF_WEB,
      'No policy selects shop/web for egress: every connection may go out.',
    ],
    [
      'same pod',
      { kind: 'same-pod' },
      INTO_API,
      'A pod always reaches itself, whatever policies say.',
    ],
    [
      'host network',
      { kind: 'host-network' },
      INTO_API,
      "shop/api uses its node's network: policies do not apply to it.",
    ],
    [
      'outside',
      { kind: 'outside' },
      {
        ...INTO_API,
        subject: {
          kind: 'addresses',
          label: '203.0.113.0/24',
          first: '203.0.113.0',
        },
      },
      '203.0.113.0/24 is not a pod of this cluster: no policy here applies to it.',
    ],
    [
      'outside, a node',
      { kind: 'outside' },
      {
        ...INTO_API,
        subject: { kind: 'node', name: 'n1', address: '192.168.0.1' },
      },
      'node n1 is not a pod of this cluster: no policy here applies to it.',
    ],
    [
      'local node, ingress',
      { kind: 'local-node' },
      INTO_API,
      'The node that a pod runs on always reaches it, whatever policies say.',
    ],
    [
      'local node, egress',
      { kind: 'local-node' },
      OUT_OF_WEB,
      'The network plugin lets a pod reach its own node, whatever policies say.',
    ],
    [
      'unknown',
      {
        kind: 'unknown',
        causes: [
          { kind: 'not-readable', resource: 'pods', message: 'forbidden' },
          { kind: 'node-of-pod' },
        ],
      },
      INTO_API,
      'pods could not be read (forbidden); the node that a pod runs on always reaches it, and whether the other end is that node is not known or differs from pod to pod.',
    ],
  ])('%s', (_, reason, ends, expected) => {
    expect(plainText(reasonSentence(reason, ends))).toBe(expected);
  });

  test('keep what they name, for links', () => {
    const fragments = reasonSentence({ kind: 'rules', rules: [rule('a', 0)] }, INTO_API);
    expect(fragments).toEqual([
      { kind: 'rule', text: 'Rule 1', rule: rule('a', 0) },
      { kind: 'text', text: ' of policy ' },
      { kind: 'policy', text: 'a', policy: policy('a') },
      { kind: 'text', text: ' permits it.' },
    ]);
  });
});

describe('causes of the unknown', () => {
  const differ = (what: string) =>
    `network plugins differ on ${what}, and what this cluster's plugin does is not known`;

  test.each<[UnknownCause, string]>([
    [
      { kind: 'cni-flag', flag: 'enforces' },
      "this cluster's network plugin does not enforce NetworkPolicy, or is not known to; unenforced, policies change nothing",
    ],
    [
      { kind: 'cni-flag', flag: 'ipBlockMatchesPods' },
      differ('whether an ipBlock matches the addresses of pods'),
    ],
    [
      { kind: 'cni-flag', flag: 'ipBlockMatchesNodes' },
      differ('whether an ipBlock matches the addresses of nodes'),
    ],
    [
      { kind: 'cni-flag', flag: 'endPort' },
      differ('whether they honour endPort or permit the first port only'),
    ],
    [{ kind: 'cni-flag', flag: 'sctp' }, differ('whether they enforce rules for SCTP')],
    [
      { kind: 'cni-flag', flag: 'initContainerPorts' },
      differ('whether a named port may be that of an init container'),
    ],
    [
      { kind: 'cni-flag', flag: 'policesPodToLocalNode' },
      differ('whether policies apply to a pod that connects to its own node'),
    ],
    [
      { kind: 'cni-flag', flag: 'policesHairpin' },
      differ('whether policies apply to a pod that connects to itself through a Service'),
    ],
    [
      {
        kind: 'not-understood',
        policy: policy('web'),
        path: ['spec', 'ingress', 0, 'from', 1],
        message: 'unknown field "fqdn"',
      },
      'spec.ingress[0].from[1] of policy shop/web is not understood (unknown field "fqdn")',
    ],
    [
      {
        kind: 'not-readable',
        resource: 'networkpolicies.networking.k8s.io',
        message: 'forbidden',
      },
      'networkpolicies.networking.k8s.io could not be read (forbidden)',
    ],
    [
      { kind: 'node-of-pod' },
      'the node that a pod runs on always reaches it, and whether the other end is that node is not known or differs from pod to pod',
    ],
  ])('%j', (cause, expected) => {
    expect(plainText(causeClause(cause))).toBe(expected);
  });
});

test('what requests have to be is told beside the verdict', () => {
  const request = {
    policy: policy('api'),
    path: ['spec', 'ingress', 0, 'toPorts', 0, 'rules'],
    kind: 'http',
    message: 'only HTTP GET /public',
  } as const;
  expect(plainText(requestSentence(request))).toBe(
    'Its requests are looked at, as policy api asks: only HTTP GET /public.',
  );
});

describe('what was considered', () => {
  const isolatedAt = { path: ['spec', 'policyTypes'], defaulted: false };
  const noMatch: ConsideredRule = {
    index: 0,
    path: ['spec', 'ingress', 0],
    action: 'allow',
    reached: true,
    match: 'no',
    peer: 'no',
    port: 'no',
    name: null,
    peers: [],
    own: [],
    ports: [],
    conditions: [],
    qualifiers: [],
  };

  test.each<[string, ConsideredPolicy, string]>([
    [
      'with rules',
      {
        policy: policy('a'),
        tier: 'NetworkPolicy',
        priority: null,
        valid: true,
        isolatedAt,
        rules: [noMatch],
      },
      'isolates shop/api for ingress',
    ],
    [
      'without rules',
      {
        policy: policy('a'),
        tier: 'NetworkPolicy',
        priority: null,
        valid: true,
        isolatedAt,
        rules: [],
      },
      'isolates shop/api for ingress, and lists no ingress rule: it permits nothing',
    ],
    [
      'defaulted',
      {
        policy: policy('a'),
        tier: 'NetworkPolicy',
        priority: null,
        valid: true,
        isolatedAt: { ...isolatedAt, defaulted: true },
        rules: [noMatch],
      },
      'isolates shop/api for ingress by default, for it lists no directions',
    ],
    [
      'not valid',
      {
        policy: policy('a'),
        tier: 'NetworkPolicy',
        priority: null,
        valid: false,
        isolatedAt: null,
        rules: [],
      },
      'selects shop/api, but whether it isolates for ingress is not known: it is not valid, or not understood',
    ],
  ])('a policy %s', (_, considered, expected) => {
    expect(plainText(consideredPolicySentence(considered, INTO_API))).toBe(expected);
  });

  const written: RuleView = {
    rule: rule('a', 0),
    path: ['spec', 'ingress', 0],
    action: 'allow',
    name: null,
    own: [],
    conditions: [],
    requests: [],
    peers: [],
    ports: ['TCP 8080', 'UDP 53'],
  };

  test.each<[Partial<ConsideredRule>, RuleView | null, string]>([
    [{ match: 'yes', peer: 'yes', port: 'yes' }, written, 'rule 1 permits it'],
    [{ peer: 'yes' }, null, 'rule 1 does not match: the port is not listed'],
    [
      { peer: 'yes' },
      written,
      'rule 1 does not match: the port is not listed (it permits TCP 8080, UDP 53)',
    ],
    [
      { peer: 'unknown' },
      written,
      'rule 1 does not match: the port is not listed (it permits TCP 8080, UDP 53)',
    ],
    [{ port: 'yes' }, written, 'rule 1 does not match: it does not name this peer'],
    [
      { index: 1 },
      written,
      'rule 2 does not match: it names neither this peer nor this port (it permits TCP 8080, UDP 53)',
    ],
    [
      { match: 'unknown', peer: 'yes', port: 'unknown' },
      written,
      'rule 1 may permit it: whether it lists the port is not known',
    ],
    [
      { match: 'unknown', peer: 'unknown', port: 'yes' },
      written,
      'rule 1 may permit it: whether it names this peer is not known',
    ],
    [
      { match: 'unknown', peer: 'unknown', port: 'unknown' },
      written,
      'rule 1 may permit it: whether it names this peer and port is not known',
    ],
  ])('a rule %j', (tested, view, expected) => {
    expect(plainText(consideredRuleSentence({ ...noMatch, ...tested }, view))).toBe(expected);
  });

  test.each<[NearMiss['failed'], typeof TCP_9090 | null, string]>([
    [
      'port',
      TCP_9090,
      'Closest: rule 2 of policy api-allow-web names this peer, but not TCP 9090.',
    ],
    [
      'port',
      null,
      'Closest: rule 2 of policy api-allow-web names this peer, but no port that it has.',
    ],
    [
      'peer',
      TCP_9090,
      'Closest: rule 2 of policy api-allow-web permits TCP 9090, but does not name this peer.',
    ],
    ['peer', null, 'Closest: rule 2 of policy api-allow-web, but it does not name this peer.'],
  ])('the closest rule failed on its %s, asked for %j', (failed, port, expected) => {
    const miss = { rule: rule('api-allow-web', 1), failed };
    expect(plainText(nearMissSentence(miss, port))).toBe(expected);
  });
});

describe('notes on a policy', () => {
  test.each<[PolicyNote, string]>([
    [
      {
        kind: 'policy-types-defaulted',
        directions: ['ingress', 'egress'],
        emptyEgressIgnored: false,
      },
      'policyTypes is absent: the API server fills it in, and this policy isolates ingress and egress.',
    ],
    [
      {
        kind: 'policy-types-defaulted',
        directions: ['ingress'],
        emptyEgressIgnored: true,
      },
      'egress: [] without policyTypes does not isolate egress: this policy isolates ingress only.',
    ],
    [
      { kind: 'rules-ignored', direction: 'egress', path: ['spec', 'egress'] },
      'The rules under spec.egress have no effect: policyTypes does not list Egress.',
    ],
    [
      {
        kind: 'rules-ignored',
        direction: 'ingress',
        path: ['spec', 'ingress'],
      },
      'The rules under spec.ingress have no effect: policyTypes does not list Ingress.',
    ],
    [
      {
        kind: 'host-bits-dropped',
        path: ['spec', 'ingress', 0],
        written: '10.0.1.9/24',
        meant: '10.0.1.0/24',
      },
      '10.0.1.9/24 means 10.0.1.0/24: the bits behind the prefix are dropped.',
    ],
  ])('%j', (note, expected) => {
    expect(plainText(noteSentence(note))).toBe(expected);
  });
});

describe('isolation', () => {
  test.each([
    [
      'isolated',
      'ingress',
      2,
      'Isolated for ingress by 2 policies: only what their rules permit may connect.',
    ],
    [
      'isolated',
      'egress',
      1,
      'Isolated for egress by 1 policy: it may connect only to what its rules permit.',
    ],
    [
      'open',
      'ingress',
      0,
      'Open: no policy selects it for ingress, so every pod and address may connect.',
    ],
    [
      'open',
      'egress',
      0,
      'Open: no policy selects it for egress, so it may connect to every pod and address.',
    ],
    [
      'mixed',
      'ingress',
      1,
      'Mixed: some of the pods are selected by a policy for ingress, the others are open.',
    ],
    [
      'unknown',
      'egress',
      1,
      'Unknown: whether policies isolate it for egress could not be determined.',
    ],
  ] as const)('%s for %s by %i', (badge, direction, policies, expected) => {
    expect(isolationSentence(badge, direction, policies)).toBe(expected);
  });
});

describe('tiers', () => {
  test('a rule that denies is named, and one matched too late says so', () => {
    const denied = reasonSentence({ kind: 'denied', by: rule('a', 1) }, INTO_API);
    expect(plainText(denied)).toBe('Rule 2 of policy a denies it.');
    const late: ConsideredRule = {
      index: 0,
      path: ['spec', 'ingress', 0],
      action: 'deny',
      reached: false,
      match: 'yes',
      peer: 'yes',
      port: 'yes',
      name: null,
      peers: [],
      own: [],
      ports: [],
      conditions: [],
      qualifiers: [],
    };
    expect(plainText(consideredRuleSentence(late, null))).toBe(
      'rule 1 matches, but what it matches is decided before it',
    );
    expect(plainText(consideredRuleSentence({ ...late, reached: true }, null))).toBe(
      'rule 1 denies it',
    );
  });
});

describe('the way of a connection', () => {
  test('to names of hosts is left open (GEN-9)', () => {
    const service = { namespace: 'shop', name: 'saas', port: 'any', targets: 'unchanged' };
    expect(plainText(serviceSentence({ ...service, hostNames: ['saas.example'] }))).toContain(
      'leads to saas.example: which addresses that is, only a name server knows',
    );
  });

  test.each([
    [{ kind: 'source-address', trafficPolicy: 'Cluster', nodes: 'answered' }, 'Both are answered'],
    [{ kind: 'source-address', trafficPolicy: 'Cluster', nodes: 'left-open' }, 'is left open'],
    [
      { kind: 'source-address', trafficPolicy: 'Local', nodes: 'left-open' },
      'keeps the client’s address',
    ],
    [{ kind: 'no-way-in' }, 'no address outside the cluster'],
    [{ kind: 'egress-before-translation' }, 'has to list the port of the Service'],
    [{ kind: 'same-node-backends' }, 'backends on their own node alone'],
    [{ kind: 'control-plane-source' }, 'through a tunnel'],
    [{ kind: 'dns-cache' }, '169.254.20.10'],
  ] as const)('%j', (note, words) => {
    expect(plainText(routingSentence(note)).replaceAll("'", '’')).toContain(words);
  });
});
