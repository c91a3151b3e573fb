import { describe, expect, test } from 'vitest';
import { formatPorts } from '#lib/model/port-set.ts';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import { connectionList } from './connection-list.ts';

/** `shop/web[Pod] → shop/api[Pod]: TCP 8081`, with what is in doubt behind `perhaps`. */
function rows(policies: Readonly<Record<string, string>>, options: ScenarioOptions = {}) {
  const { connectivity } = scenario(policies, options);
  return [...connectionList(connectivity)].map(({ src, dst, allowed, unknown }) => {
    const doubt = formatPorts(unknown);
    return `${src} → ${dst}: ${formatPorts(allowed)}${doubt === 'none' ? '' : ` perhaps ${doubt}`}`;
  });
}

/** The rows between two ends. */
function between(all: readonly string[], src: string, dst: string): readonly string[] {
  return all.filter((row) => row.startsWith(`${src} → ${dst}:`));
}

const CLOSED = 'policyTypes: [Ingress, Egress]';
const ALL_CLOSED = { 'shop/closed': CLOSED, 'ops/closed': CLOSED, 'kube-system/closed': CLOSED };

test('a cluster of closed pods has only what their nodes may', () => {
  // The agent runs in the network of n1, as db and web do (GEN-14); nothing isolates it itself.
  expect(rows(ALL_CLOSED)).toEqual([
    '0.0.0.0-255.255.255.255 → ops/agent[Pod]: all',
    'ops/agent[Pod] → 0.0.0.0-255.255.255.255: all',
    'ops/agent[Pod] → shop/db[Pod]: all',
    'ops/agent[Pod] → shop/web[Pod]: all',
  ]);
});

test('rows are sorted by source and destination, by code units', () => {
  const all = rows({});
  expect(all).toEqual([...all].sort());
  expect(all).toHaveLength(6 * 5 + 2 * 6);
});

test('a rule has a row, and what it does not permit has none', () => {
  const all = rows({
    ...ALL_CLOSED,
    'shop/api':
      '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: http}]}]}',
    'shop/web':
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}',
  });
  expect(between(all, 'shop/web[Pod]', 'shop/api[Pod]')).toEqual([
    'shop/web[Pod] → shop/api[Pod]: TCP 8081',
  ]);
  expect(between(all, 'shop/web[Pod]', 'shop/db[Pod]')).toEqual([]);
  expect(between(all, 'shop/api[Pod]', 'shop/web[Pod]')).toEqual([]);
});

describe('addresses', () => {
  test('are cut where the rules of a direction cut them', () => {
    const all = rows({
      ...ALL_CLOSED,
      'shop/web':
        '{podSelector: {matchLabels: {app: web}}, egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.0/25]}}]}]}',
      'shop/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 5432}]}]}',
    });
    expect(all.filter((row) => row.startsWith('shop/web[Pod] →'))).toEqual([
      'shop/web[Pod] → 203.0.113.128-203.0.113.255: all',
    ]);
    expect(all.filter((row) => row.includes('→ shop/db[Pod]') && /^\d/.test(row))).toEqual([
      '198.51.100.0-198.51.100.255 → shop/db[Pod]: TCP 5432',
    ]);
  });

  test('of IPv6 are listed when a rule names some', () => {
    const egress = (cidr: string) => ({
      'shop/web': `{podSelector: {matchLabels: {app: web}}, egress: [{to: [{ipBlock: {cidr: "${cidr}"}}]}]}`,
    });
    expect(rows(egress('0.0.0.0/0')).some((row) => row.includes('::'))).toBe(false);
    expect(rows(egress('2001:db8::/32'))).toContain(
      'shop/web[Pod] → 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff: all',
    );
  });
});

/** Two pods of one StatefulSet and what else they need. */
function statefulSet(...labels: string[]): string {
  return labels
    .map(
      (each, i) =>
        `{apiVersion: v1, kind: Pod, metadata: {name: s-${i}, namespace: shop, labels: ${each}, ownerReferences: [{kind: StatefulSet, name: s, controller: true}]}, spec: {nodeName: n2}}`,
    )
    .join('\n---\n');
}

describe('a workload', () => {
  const toPrimary = {
    ...ALL_CLOSED,
    'shop/primary':
      '{podSelector: {matchLabels: {role: primary}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 5432}]}]}',
  };

  test('whose pods get the same answers is one end, whatever its groups', () => {
    const objects = statefulSet('{role: primary}', '{role: primary, other: x}');
    const policies = { ...toPrimary, 'shop/other': '{podSelector: {matchLabels: {other: x}}}' };
    expect(rows(policies, { objects })).toContain(
      '0.0.0.0-255.255.255.255 → shop/s[StatefulSet]: TCP 5432',
    );
  });

  test('whose pods differ is taken apart', () => {
    const all = rows(toPrimary, { objects: statefulSet('{role: primary}', '{role: standby}') });
    expect(all).toContain('0.0.0.0-255.255.255.255 → shop/s-0[Pod]: TCP 5432');
    expect(all.some((row) => row.includes('shop/s-1[Pod]') || row.includes('StatefulSet'))).toBe(
      false,
    );
  });

  test('has no row to itself, but its pods have when they are taken apart', () => {
    const inside = {
      ...toPrimary,
      'shop/peers':
        '{podSelector: {matchExpressions: [{key: role, operator: Exists}]}, egress: [{to: [{podSelector: {}}]}], ingress: [{from: [{podSelector: {matchLabels: {role: standby}}}]}]}',
    };
    const together = rows(inside, { objects: statefulSet('{role: primary}', '{role: primary}') });
    expect(between(together, 'shop/s[StatefulSet]', 'shop/s[StatefulSet]')).toEqual([]);
    const apart = rows(inside, { objects: statefulSet('{role: primary}', '{role: standby}') });
    expect(between(apart, 'shop/s-1[Pod]', 'shop/s-0[Pod]')).toEqual([
      'shop/s-1[Pod] → shop/s-0[Pod]: all',
    ]);
    expect(between(apart, 'shop/s-0[Pod]', 'shop/s-1[Pod]')).toEqual([]);
  });
});

describe('what is in doubt', () => {
  const policies = {
    'shop/api':
      '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8000, endPort: 8090}]}]}',
  };
  const options = { flags: { endPort: 'unknown' } } as const;

  test('stands beside what is sure', () => {
    expect(between(rows(policies, options), 'shop/web[Pod]', 'shop/api[Pod]')).toEqual([
      'shop/web[Pod] → shop/api[Pod]: TCP 8000 perhaps TCP 8001-8090',
    ]);
  });

  test('has its causes', () => {
    const { connectivity } = scenario(policies, options);
    for (const { dst, causes } of connectionList(connectivity))
      expect(causes).toEqual(
        dst === 'shop/api[Pod]' ? [{ kind: 'cni-flag', flag: 'endPort' }] : [],
      );
  });
});
