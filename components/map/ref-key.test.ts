import { expect, test } from 'vitest';
import { refKey } from '#lib/model/object-ref.ts';
import { parseRefKey } from './ref-key.ts';

test('reads what refKey writes', () => {
  const ref = { kind: 'Deployment', namespace: 'shop', name: 'web' };
  expect(parseRefKey(refKey(ref))).toEqual(ref);
});

test.each(['', 'ns:shop', 'range:10.0.0.0/8', 'web[Deployment]', 'shop/a[Pod]>shop/b[Pod]'])(
  '%j is no namespaced object',
  (key) => {
    expect(parseRefKey(key)).toBeNull();
  },
);
