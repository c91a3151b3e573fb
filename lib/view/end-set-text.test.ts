import { expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { endSetText } from './end-set-text.ts';
import { groupedConnections } from './grouped-connections.ts';

const set = (...names: string[]) => ({ names, isEverybody: false });

test.each([
  [set('shop/web[Deployment]'), 'shop/web[Deployment]'],
  [set('shop/api[Pod]', 'shop/web[Pod]'), 'shop/{api,web}'],
  [
    set('a/x[Pod]', 'shop/1[Pod]', 'shop/2[Pod]', 'shop/3[Pod]', 'shop/4[Pod]'),
    'a/x, shop/{1,2,3,+1}',
  ],
  [
    set('a/x[Pod]', 'b/x[Pod]', 'c/x[Pod]', 'd/x[Pod]', 'e/x[Pod]', 'e/y[Pod]'),
    'a/x, b/x, c/x, +2 namespaces (3)',
  ],
  [
    set('10.0.0.0-10.0.0.255', '192.0.2.1', 'shop/web[Pod]'),
    '10.0.0.0-10.0.0.255,192.0.2.1, shop/web',
  ],
  [{ names: ['a/x[Pod]', 'b/y[Pod]'], isEverybody: true }, 'everybody not isolated (2)'],
])('a set in short', (ends, text) => {
  expect(endSetText(ends)).toBe(text);
});

test('a cluster that is mostly open in a few rows; what is closed for one takes precedence', () => {
  const { connectivity } = scenario({
    'shop/db':
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]}',
  });
  const rows = [...groupedConnections(connectivity)].map(
    ({ sources, targets }) => `${endSetText(sources)} => ${endSetText(targets)}`,
  );
  expect(rows).toEqual([
    'everybody not isolated (5) => everybody not isolated (4)',
    '0.0.0.0-255.255.255.255, ops/agent => kube-system/coredns, ops/prom, shop/{api,web}',
    '0.0.0.0-255.255.255.255, kube-system/coredns, ops/prom, +1 namespace (3) => ops/agent[Pod]',
    'kube-system/coredns, ops/{agent,prom}, shop/{api,db,web} => 0.0.0.0-255.255.255.255',
    'ops/agent[Pod] => shop/db[Pod]',
    'shop/api[Pod] => shop/db[Pod]',
  ]);
});
