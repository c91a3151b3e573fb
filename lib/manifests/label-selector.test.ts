import { expect, test } from 'vitest';
import { labelSelector } from './label-selector.ts';

test('requirements of both forms are gathered, in an order of their own', () => {
  const selector = labelSelector.parse({
    matchLabels: { tier: 'front', app: 'web' },
    matchExpressions: [
      { key: 'env', operator: 'NotIn', values: ['prod', 'beta'] },
      { key: 'legacy', operator: 'DoesNotExist' },
    ],
  });
  expect(selector).toEqual([
    { key: 'app', operator: 'In', values: ['web'] },
    { key: 'env', operator: 'NotIn', values: ['beta', 'prod'] },
    { key: 'legacy', operator: 'DoesNotExist', values: [] },
    { key: 'tier', operator: 'In', values: ['front'] },
  ]);
});

test.each([[{}], [{ matchLabels: null, matchExpressions: null }], [{ matchLabels: {} }]])(
  '%j selects everything (SEL-7)',
  (written) => {
    expect(labelSelector.parse(written)).toEqual([]);
  },
);

test('keys that plain objects have of themselves are keys like any other', () => {
  const written = JSON.parse('{"matchLabels": {"__proto__": "a", "constructor": "b"}}');
  expect(labelSelector.parse(written).map(({ key }) => key)).toEqual(['__proto__', 'constructor']);
});

test.each([
  [{ matchLabels: { app: true } }, ['matchLabels', 'app'], 'expected text, got true: quote it'],
  [{ matchLabels: { app: 1.1 } }, ['matchLabels', 'app'], 'expected text, got 1.1: quote it'],
  [{ matchLabels: [] }, ['matchLabels'], 'expected a map of text'],
  [{ matchLabel: {} }, [], 'Unrecognized key: "matchLabel"'],
  [
    { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] },
    ['matchExpressions', 0, 'values'],
    'In needs at least one value',
  ],
  [
    { matchExpressions: [{ key: 'a', operator: 'NotIn' }] },
    ['matchExpressions', 0, 'values'],
    'NotIn needs at least one value',
  ],
  [
    { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
    ['matchExpressions', 0, 'values'],
    'Exists takes no values',
  ],
  [
    { matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] },
    ['matchExpressions', 0, 'operator'],
    'Invalid option: expected one of "In"|"NotIn"|"Exists"|"DoesNotExist"',
  ],
  [
    { matchExpressions: [{ key: 'a', operator: 'In', values: [1] }] },
    ['matchExpressions', 0, 'values', 0],
    'expected text, got 1: quote it',
  ],
])('%j is refused (SEL-9)', (written, path, message) => {
  expect(labelSelector.safeParse(written).error?.issues).toMatchObject([{ path, message }]);
});
