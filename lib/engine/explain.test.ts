import { describe, expect, test } from 'vitest';
import { formatPorts } from '#lib/model/port-set.ts';
import { type Scenario, scenario } from '#lib/testing/scenario.ts';
import type { Endpoint } from './endpoint.ts';
import { connectionDoubts } from './explain.ts';

/** Questions for any port, and doubts, which lists of connections are made of. */

const FLAGS = { endPort: 'unknown', sctp: 'unknown', ipBlockMatchesPods: 'unknown' } as const;

function groupOf({ connectivity }: Scenario, name: string): Endpoint {
  const found = connectivity.groups.find(({ pods }) => pods.some((pod) => pod.name === name));
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function doubts(asked: Scenario, from: string, to: string) {
  return connectionDoubts(asked.connectivity, groupOf(asked, from), groupOf(asked, to));
}

describe('without a port', () => {
  test('a connection is allowed when some port is, and says which', () => {
    const { answer } = scenario({
      'shop/api': 'ingress: [{ports: [{port: 80}, {protocol: UDP}]}]',
    });
    const { verdict, ports, ingress } = answer('shop/web', 'shop/api');
    expect(verdict).toBe('allowed');
    expect(formatPorts(ports.allowed)).toBe('TCP 80; UDP');
    expect(ingress.reason).toMatchObject({ kind: 'rules', rules: [{ index: 0 }] });
  });

  test('and blocked when the two sides allow no port in common', () => {
    const { answer } = scenario({
      'shop/api': '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 80}]}]}',
      'shop/web':
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 81}]}]}',
    });
    const { verdict, ports, egress, ingress } = answer('shop/web', 'shop/api');
    expect(verdict).toBe('blocked');
    expect(formatPorts(ports.allowed)).toBe('none');
    expect([egress.verdict, ingress.verdict]).toEqual(['allowed', 'allowed']);
  });

  test('nothing but other protocols is something', () => {
    const { answer } = scenario({
      'shop/a': '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {}}]}]}',
      'shop/b':
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{protocol: UDP}]}, {}]}',
    });
    expect(answer('shop/web', 'shop/api').ports.allowed.other).toBe(true);
  });
});

test('an unknown side names every cause, each once', () => {
  const { causes } = scenario(
    {
      'shop/api': `
podSelector: {matchLabels: {app: api}}
ingress:
  - {from: [{ipBlock: {cidr: 10.0.1.0/24}}, {ipBlock: {cidr: 10.0.0.0/16}}], ports: [{port: 8000, endPort: 8090}]}
  - {from: [{podSelector: {}}], ports: [{port: 8001, endPort: 8002}]}
  - {from: [{podSelector: {}, serviceAccount: x}]}
  - {from: [{ipBlock: {cidr: 10.0.1.0/24}}], ports: [{protocol: SCTP}]}`,
    },
    { flags: FLAGS },
  );
  expect(causes('shop/web', 'shop/api', 8002)).toEqual([
    { kind: 'cni-flag', flag: 'ipBlockMatchesPods' },
    { kind: 'cni-flag', flag: 'endPort' },
    {
      kind: 'not-understood',
      policy: { group: 'networking.k8s.io', kind: 'NetworkPolicy', namespace: 'shop', name: 'api' },
      path: ['spec', 'ingress', 2, 'from', 0],
      message: 'unknown field "serviceAccount"',
    },
  ]);
});

describe('doubts', () => {
  const api = (rules: string) => ({
    'shop/api': `{podSelector: {matchLabels: {app: api}}, ingress: ${rules}}`,
  });

  test('are those of any port, beside what is sure', () => {
    const asked = scenario(api('[{ports: [{port: 80, endPort: 90}, {protocol: SCTP, port: 9}]}]'), {
      flags: FLAGS,
    });
    expect(doubts(asked, 'web', 'api')).toEqual([
      { kind: 'cni-flag', flag: 'endPort' },
      { kind: 'cni-flag', flag: 'sctp' },
    ]);
    expect(doubts(asked, 'api', 'web')).toEqual([]);
  });

  test('are none where everything is permitted anyway', () => {
    const asked = scenario(api('[{ports: [{port: 80, endPort: 90}]}, {}]'), { flags: FLAGS });
    expect(doubts(asked, 'web', 'api')).toEqual([]);
  });

  test('are none where the other side surely blocks', () => {
    const rules = api('[{from: [{ipBlock: {cidr: 10.0.0.0/16}}]}]');
    const open = scenario(rules, { flags: FLAGS });
    const closed = scenario(
      { ...rules, 'shop/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}' },
      { flags: FLAGS },
    );
    expect(doubts(open, 'web', 'api')).toEqual([{ kind: 'cni-flag', flag: 'ipBlockMatchesPods' }]);
    expect(doubts(closed, 'web', 'api')).toEqual([]);
  });
});
