import fc from 'fast-check';
import { expect, test } from 'vitest';
import { urlNames } from './url-names.ts';

test.each([
  ['kind-dev', 'kind-dev'],
  ['arn:aws:eks:eu-west-1:1234:cluster/shop', 'arn-aws-eks-eu-west-1-1234-cluster-shop'],
  ['gke_project_zone_name', 'gke_project_zone_name'],
  ['user@host', 'user-host'],
  ['..', 'cluster'],
  ['日本', 'cluster'],
  ['demo', 'demo-2'],
])('%s is %s', (context, expected) => {
  expect(urlNames([context], ['demo']).get(context)).toBe(expected);
});

test('names stay apart, and need no encoding', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' })), (contexts) => {
      const names = [...urlNames(contexts, ['demo']).values()];
      expect(names).toHaveLength(contexts.length);
      expect(new Set([...names, 'demo']).size).toBe(contexts.length + 1);
      for (const name of names) {
        expect(encodeURIComponent(name)).toBe(name);
        expect(name).not.toMatch(/^\.+$/);
      }
    }),
  );
});
