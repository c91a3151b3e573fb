import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '#lib/model/json.ts';
import { share } from './share.ts';

test('equal parts are the same parts afterwards', () => {
  const former = { labels: { app: 'web' }, ports: [{ port: 80 }, { port: 90 }], name: 'a' };
  const value = { labels: { app: 'web' }, ports: [{ port: 80 }, { port: 91 }], name: 'b' };
  share(value, former);
  expect(value).toEqual({ labels: { app: 'web' }, ports: [{ port: 80 }, { port: 91 }], name: 'b' });
  expect(value.labels).toBe(former.labels);
  expect(value.ports[0]).toBe(former.ports[0]);
  expect(value.ports[1]).not.toBe(former.ports[1]);
});

test('what is shared is equal to what it was, and the former stays as it is', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
  const copy = (value: Json): Json => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(json, json, (one, other) => {
      const [value, former] = [copy(one), copy(other)];
      expect(share(value, former)).toEqual(copy(one));
      expect(former).toEqual(copy(other));
      const twin = copy(one);
      expect(share(copy(one), twin)).toBe(twin);
    }),
  );
});

test('names that JavaScript objects know are names like others', () => {
  const value = JSON.parse('{"constructor":"x","__proto__":{"a":1},"b":{}}');
  const shared = share(value, {});
  expect(JSON.stringify(shared)).toBe('{"constructor":"x","__proto__":{"a":1},"b":{}}');
  expect(Object.getPrototypeOf(shared)).toBe(Object.prototype);
  expect(share({ toString: '1' }, JSON.parse('{"toString":"1"}'))).toEqual({ toString: '1' });
});
