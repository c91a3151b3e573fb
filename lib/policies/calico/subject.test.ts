import { describe, expect, test } from 'vitest';
import {
  calicoCluster,
  calicoObject,
  cnp,
  gnp,
  storedObject,
} from '#lib/testing/calico-cluster.ts';

/** Whom a Calico policy is about, and in which directions (CAL-1, CAL-8 … CAL-10, CAL-15, CAL-20, CAL-36, CAL-44). */

const WEB = `selector: "app == 'web'"`;
const DENY_ALL = 'types: [Ingress, Egress]';

describe('CAL-1 one object in two groups', () => {
  const refs = (...objects: string[]) =>
    calicoCluster(objects).connectivity.snapshot.policies.map(
      ({ ref: { group, kind, namespace, name } }) => `${group} ${kind} ${namespace} ${name}`,
    );

  test('is read once, under one name', () => {
    const spec = `${WEB}, types: [Ingress]`;
    const expected = ['projectcalico.org NetworkPolicy shop allow-web'];
    const stored = storedObject('NetworkPolicy', 'shop/default.allow-web', spec);
    expect(refs(stored)).toEqual(expected);
    expect(refs(cnp('shop/allow-web', spec), stored)).toEqual(expected);
    expect(refs(cnp('shop/default.allow-web', spec), stored)).toEqual(expected);
  });

  test('what the API serves wins', () => {
    const { verdict } = calicoCluster([
      storedObject('NetworkPolicy', 'shop/default.p', `${WEB}, ${DENY_ALL}`),
      cnp('shop/p', `${WEB}, types: [Ingress], ingress: [{action: Allow}]`),
    ]);
    expect(verdict('shop/api', 'shop/web', 80)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 80)).toBe('allowed');
  });

  test('the stored form need not be readable where the API serves all of them', () => {
    const unread = (...groups: string[]) =>
      calicoCluster(
        [gnp('p', `${WEB}, types: [Ingress]`)],
        {},
        {
          states: Object.fromEntries(
            groups.flatMap((group) =>
              ['globalnetworkpolicies', 'tiers'].map((plural) => [
                `${plural}.${group}`,
                { status: 'forbidden', message: 'no right' },
              ]),
            ),
          ),
        },
      );
    const { verdict, connectivity } = unread('crd.projectcalico.org');
    expect(verdict('shop/api', 'shop/web', 80)).toBe('blocked');
    expect(verdict('shop/web', 'shop/api', 80)).toBe('allowed');
    expect(connectivity.snapshot.gaps).toEqual([]);
    const neither = unread('crd.projectcalico.org', 'projectcalico.org');
    expect(neither.verdict('shop/web', 'shop/api', 80)).toBe('unknown');
  });

  test('names in other tiers stay as they are', () => {
    expect(refs(gnp('sec.p', `tier: sec, ${WEB}`))).toEqual([
      'projectcalico.org GlobalNetworkPolicy null sec.p',
    ]);
    expect(refs(gnp('default.p', `tier: sec, ${WEB}`))).toEqual([
      'projectcalico.org GlobalNetworkPolicy null default.p',
    ]);
  });

  test('it is another than the NetworkPolicy of Kubernetes', () => {
    const { connectivity, verdict } = calicoCluster([cnp('shop/p', `${WEB}, types: [Ingress]`)], {
      'shop/p': 'podSelector: {matchLabels: {app: api}}',
    });
    expect(connectivity.snapshot.policies).toHaveLength(2);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/api', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/db', 80)).toBe('allowed');
  });
});

describe('CAL-8 types', () => {
  test.each([
    ['[Ingress]', 'blocked', 'allowed'],
    ['[Egress]', 'allowed', 'blocked'],
    ['[Ingress, Egress]', 'blocked', 'blocked'],
  ])('%s without rules: to web %s, from web %s', (types, ingress, egress) => {
    const { verdict } = calicoCluster([gnp('p', `${WEB}, types: ${types}`)]);
    expect(verdict('shop/api', 'shop/web', 80)).toBe(ingress);
    expect(verdict('shop/web', 'shop/api', 80)).toBe(egress);
  });

  test('rules of a direction that is not listed have no effect, and are told', () => {
    const { verdict, connectivity } = calicoCluster([
      gnp('p', `${WEB}, types: [Egress], ingress: [{action: Deny}], egress: [{action: Allow}]`),
    ]);
    expect(verdict('shop/api', 'shop/web', 80)).toBe('allowed');
    expect(connectivity.snapshot.policies[0]?.notes).toContainEqual({
      kind: 'remark',
      path: ['spec', 'ingress'],
      message: 'these rules have no effect: types does not list Ingress',
    });
  });
});

describe('CAL-9 without types', () => {
  test.each([
    ['', 'blocked', 'allowed'],
    ['ingress: [], egress: []', 'blocked', 'allowed'],
    ['types: [], ingress: []', 'blocked', 'allowed'],
    ['ingress: [{action: Allow, source: {selector: "app == \'x\'"}}]', 'blocked', 'allowed'],
    ['egress: [{action: Allow, destination: {selector: "app == \'x\'"}}]', 'allowed', 'blocked'],
    ['ingress: [{action: Deny}], egress: [{action: Deny}]', 'blocked', 'blocked'],
  ])('"%s": to web %s, from web %s', (rules, ingress, egress) => {
    const { verdict } = calicoCluster([gnp('p', `${WEB}, ${rules}`)]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe(ingress);
    expect(verdict('shop/web', 'ops/prom', 80)).toBe(egress);
  });
});

test('CAL-10 what is stored without types is for both directions', () => {
  const spec = `${WEB}, egress: [{action: Allow}]`;
  const stored = calicoCluster([storedObject('NetworkPolicy', 'shop/default.p', spec)]);
  expect(stored.verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  const served = calicoCluster([cnp('shop/p', spec)]);
  expect(served.verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  const listed = storedObject('NetworkPolicy', 'shop/default.p', `${spec}, types: [Egress]`);
  expect(calicoCluster([listed]).verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
});

describe('CAL-15 staged policies', () => {
  test.each(['StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy'])(
    '%s decides nothing',
    (kind) => {
      const key = kind === 'StagedGlobalNetworkPolicy' ? 'p' : 'shop/p';
      const spec =
        kind === 'StagedKubernetesNetworkPolicy' ? 'podSelector: {}' : 'types: [Ingress]';
      const { verdict, connectivity } = calicoCluster([calicoObject(kind, key, spec)]);
      expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
      expect(connectivity.snapshot.policies).toMatchObject([
        { staged: { action: 'set' }, ref: { kind }, isolation: { ingress: { isolates: 'yes' } } },
      ]);
      expect(connectivity.snapshot.problems).toEqual([]);
    },
  );

  test('they do not count at the end of a tier', () => {
    const { verdict } = calicoCluster([
      calicoObject('StagedGlobalNetworkPolicy', 'deny', `${WEB}, ${DENY_ALL}`),
      gnp('allow', `${WEB}, order: 5, ingress: [{action: Pass}]`),
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });

  test.each(['Delete', 'Learn', 'Ignore'])('stagedAction %s would set no policy', (action) => {
    const objects = [
      calicoObject('StagedNetworkPolicy', 'shop/p', `stagedAction: ${action}, types: [Ingress]`),
      calicoObject(
        'StagedKubernetesNetworkPolicy',
        'shop/k',
        `stagedAction: ${action}, podSelector: {}`,
      ),
    ];
    const none = { staged: {}, isolation: { ingress: { isolates: 'no' } } };
    expect(calicoCluster(objects).connectivity.snapshot.policies).toMatchObject([none, none]);
  });
});

describe('CAL-20 the subject', () => {
  const isolated = (object: string) => {
    const { verdict } = calicoCluster([object]);
    return ['shop/web', 'shop/api', 'ops/prom', 'kube-system/coredns'].filter(
      (pod) => verdict(pod === 'shop/db' ? 'shop/web' : 'shop/db', pod, 80) === 'blocked',
    );
  };

  test.each([
    ['all()', ['shop/web', 'shop/api']],
    ["app == 'prom'", []],
    ["app != 'web'", ['shop/api']],
    ["projectcalico.org/namespace == 'ops'", []],
  ])('of a NetworkPolicy in shop, %s: %j', (selector, expected) => {
    expect(isolated(cnp('shop/p', `selector: "${selector}", types: [Ingress]`))).toEqual(expected);
  });

  test.each([
    ['selector: all()', ['shop/web', 'shop/api', 'ops/prom', 'kube-system/coredns']],
    ['', ['shop/web', 'shop/api', 'ops/prom', 'kube-system/coredns']],
    [`selector: "projectcalico.org/namespace == 'ops'"`, ['ops/prom']],
    [`namespaceSelector: "team == 'a'"`, ['shop/web', 'shop/api']],
    [`namespaceSelector: "team == 'a'", selector: "app == 'api'"`, ['shop/api']],
    [`namespaceSelector: "!has(team)"`, ['kube-system/coredns']],
    [`serviceAccountSelector: "projectcalico.org/name == 'front'"`, []],
    [`serviceAccountSelector: "projectcalico.org/name == 'default'", ${WEB}`, ['shop/web']],
  ])('of a GlobalNetworkPolicy, %s: %j', (fields, expected) => {
    const spec = fields === '' ? 'types: [Ingress]' : `${fields}, types: [Ingress]`;
    expect(isolated(gnp('p', spec))).toEqual(expected);
  });

  test('by labels of service accounts is not known', () => {
    const { verdict, causes } = calicoCluster([
      gnp('p', `serviceAccountSelector: "team == 'a'", ${WEB}, types: [Ingress]`),
    ]);
    expect(verdict('shop/api', 'shop/web', 80)).toBe('unknown');
    expect(causes('shop/api', 'shop/web', 80)).toMatchObject([{ kind: 'not-understood' }]);
    expect(verdict('shop/api', 'shop/db', 80)).toBe('allowed');
    expect(verdict('shop/web', 'shop/db', 80)).toBe('allowed');
  });

  test('host endpoints are said to be left out, where some may be selected', () => {
    const notes = (spec: string) =>
      calicoCluster([gnp('p', `${spec}types: [Ingress]`)]).connectivity.snapshot.policies[0]?.notes;
    expect(notes('selector: all(), ')).toMatchObject([
      { kind: 'remark', path: ['spec', 'selector'] },
    ]);
    expect(notes('namespaceSelector: all(), ')).toEqual([]);
  });
});

describe('CAL-36 what is for host endpoints', () => {
  test.each(['preDNAT', 'doNotTrack'])('%s says nothing of pods', (field) => {
    const { verdict, connectivity } = calicoCluster([
      gnp('p', `selector: all(), types: [Ingress], ${field}: true, applyOnForward: true`),
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
    expect(connectivity.snapshot.policies[0]?.notes).toMatchObject([
      { kind: 'remark', path: ['spec', field] },
    ]);
  });

  test('applyOnForward alone is for pods as any other', () => {
    const { verdict } = calicoCluster([
      gnp('p', 'selector: all(), types: [Ingress], applyOnForward: true'),
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  });
});

test('CAL-44 hostNetwork pods are neither subject nor peer', () => {
  const { verdict } = calicoCluster([
    gnp('a', `selector: "app == 'agent'", ${DENY_ALL}`),
    gnp('b', `selector: "app == 'api'", ingress: [{action: Allow, source: {selector: all()}}]`),
  ]);
  expect(verdict('ops/agent', 'shop/web', 80)).toBe('allowed');
  expect(verdict('shop/api', 'ops/agent', 80)).toBe('allowed');
  expect(verdict('ops/agent', 'shop/api', 80)).toBe('blocked');
  expect(verdict('ops/prom', 'shop/api', 80)).toBe('allowed');
});
