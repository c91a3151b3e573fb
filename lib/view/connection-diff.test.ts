import { describe, expect, test } from 'vitest';
import { formatPorts } from '#lib/model/port-set.ts';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import { connectionDiff, type Passing } from './connection-diff.ts';

type Cluster = readonly [policies: Readonly<Record<string, string>>, options?: ScenarioOptions];

function passing({ allowed, unknown }: Passing): string {
  const doubt = formatPorts(unknown);
  return doubt === 'none' ? formatPorts(allowed) : `${formatPorts(allowed)} perhaps ${doubt}`;
}

/** `changed shop/web[Pod] → shop/api[Pod]: TCP 80 → all` */
function diff([before, options]: Cluster, [after, otherwise]: Cluster): readonly string[] {
  const [old, young] = [scenario(before, options), scenario(after, otherwise)];
  return [...connectionDiff(old.connectivity, young.connectivity)].map(
    ({ change, src, dst, before: was, after: is }) =>
      `${change} ${src} → ${dst}: ${passing(was)} → ${passing(is)}`,
  );
}

const CLOSED = { 'shop/closed': '{}', 'ops/closed': '{}', 'kube-system/closed': '{}' };
const to = (app: string, rule: string) => `{podSelector: {matchLabels: {app: ${app}}}, ${rule}}`;
const FROM_WEB = '{podSelector: {matchLabels: {app: web}}}';
const block = (cidr: string) => `{ipBlock: {cidr: ${cidr}}}`;
/** A block of addresses outside may be let in on port 80. */
const admitting = (...cidrs: string[]) => ({
  ...CLOSED,
  'shop/db': to('db', `ingress: [{from: [${cidrs.map(block)}], ports: [{port: 80}]}]`),
});

test('equal connections differ in nothing, however the policies are written', () => {
  const one = { ...CLOSED, 'shop/db': to('db', `ingress: [{from: [${FROM_WEB}]}]`) };
  const other = {
    ...CLOSED,
    'shop/other': to(
      'db',
      `ingress: [{from: [${FROM_WEB}], ports: [{port: 1, endPort: 9}]}, {from: [${FROM_WEB}]}]`,
    ),
  };
  expect(diff([one], [other])).toEqual([]);
  expect(diff([admitting('10.0.0.0/8')], [admitting('10.0.0.0/9', '10.128.0.0/9')])).toEqual([]);
});

test('a connection is added, removed, or has other ports', () => {
  const on = (ports: string) => ({
    ...CLOSED,
    'shop/api': to('api', `ingress: [{from: [${FROM_WEB}], ports: [${ports}]}]`),
  });
  const ends = 'shop/web[Pod] → shop/api[Pod]';
  expect(diff([CLOSED], [on('{port: 80}')])).toEqual([`added ${ends}: none → TCP 80`]);
  expect(diff([on('{port: 80}')], [CLOSED])).toEqual([`removed ${ends}: TCP 80 → none`]);
  expect(diff([on('{port: 80}')], [on('{port: 80}, {protocol: UDP}')])).toEqual([
    `changed ${ends}: TCP 80 → TCP 80; UDP`,
  ]);
});

test('an answer that becomes certain is a change', () => {
  const policies = {
    ...CLOSED,
    'shop/api': to('api', `ingress: [{from: [${block('10.0.1.10/32')}]}]`),
  };
  const doubtful = { flags: { ipBlockMatchesPods: 'unknown' } } as const;
  expect(
    diff([policies, doubtful], [policies]).filter((line) => line.includes('shop/web[Pod] →')),
  ).toEqual(['changed shop/web[Pod] → shop/api[Pod]: none perhaps all → all']);
});

describe('addresses outside', () => {
  const INTO = '→ shop/db[Pod]';

  test('are named only where they differ, neighbours together', () => {
    expect(diff([admitting('10.0.0.0/9')], [admitting('10.0.0.0/8', '12.0.0.0/8')])).toEqual([
      `added 10.128.0.0-10.255.255.255 ${INTO}: none → TCP 80`,
      `added 12.0.0.0-12.255.255.255 ${INTO}: none → TCP 80`,
    ]);
    expect(diff([admitting('20.0.0.0/9')], [admitting('20.128.0.0/9')])).toEqual([
      `removed 20.0.0.0-20.127.255.255 ${INTO}: TCP 80 → none`,
      `added 20.128.0.0-20.255.255.255 ${INTO}: none → TCP 80`,
    ]);
  });

  test('of IPv6 differ although only one of the two lists them', () => {
    expect(diff([admitting('10.0.0.0/8')], [admitting('10.0.0.0/8', '2001:db8::/32')])).toEqual([
      `added 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff ${INTO}: none → TCP 80`,
    ]);
    // Nothing is isolated: IPv6 passes in both, and is listed in one of them.
    const named = { 'shop/db': to('db', `ingress: [{}, {from: [${block('2001:db8::/32')}]}]`) };
    expect(diff([{}], [named])).toEqual([]);
  });

  test('come after the workloads', () => {
    const lines = diff([CLOSED], [{}]);
    const fromOutside = lines.map((line) => /^added \d/.test(line));
    expect(fromOutside).toEqual(fromOutside.toSorted());
    expect(fromOutside).toContain(true);
    expect(fromOutside).toContain(false);
  });
});

test('pods of one workload that only one cluster tells apart are told apart in both', () => {
  const pod = (name: string, tier: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: many, tier: ${tier}}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: many, controller: true, uid: u}]}, spec: {containers: [{name: m}]}, status: {podIPs: [{ip: 10.0.3.1}]}}`;
  const objects = `${pod('many-1', 'blue')}\n---\n${pod('many-2', 'green')}\n`;
  const telling = {
    ...CLOSED,
    'shop/blue': '{podSelector: {matchLabels: {tier: blue}}, ingress: [{ports: [{port: 80}]}]}',
  };
  const lines = diff([CLOSED, { objects }], [telling, { objects }]);
  expect(lines.filter((line) => line.startsWith('added shop/web[Pod]'))).toEqual([
    'added shop/web[Pod] → shop/many-1[Pod]: none → TCP 80',
  ]);
  expect(lines.filter((line) => line.includes('many[ReplicaSet]'))).toEqual([]);
});
