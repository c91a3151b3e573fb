import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';
import type { ApiObject } from './api-object.ts';
import { ObjectIndex } from './object-index.ts';

function pod(
  name: string,
  uid = `uid of ${name}`,
  resourceVersion = '1',
  namespace = 'shop',
): ApiObject {
  return {
    body: { metadata: { name, namespace, uid, resourceVersion } },
    namespace,
    name,
    uid,
    resourceVersion,
  };
}

const set = ({ body }: ApiObject): ObjectChange => ({
  type: 'set',
  object: { body, origin: null },
});
const deleted = (name: string): ObjectChange => ({ type: 'delete', namespace: 'shop', name });

test('R12 a list read again becomes the difference', () => {
  const index = new ObjectIndex();
  expect(index.replace([pod('a'), pod('b'), pod('c')])).toHaveLength(3);
  const changed = pod('b', 'uid of b', '2');
  expect(index.replace([pod('a'), changed, pod('d')])).toEqual([
    deleted('c'),
    set(changed),
    set(pod('d')),
  ]);
  expect(index.replace([pod('a'), changed, pod('d')])).toEqual([]);
});

test('R12 B21 a new uid under an old name is a delete and an add', () => {
  const index = new ObjectIndex();
  index.replace([pod('a', 'old')]);
  expect(index.replace([pod('a', 'new')])).toEqual([deleted('a'), set(pod('a', 'new'))]);
  expect(index.set(pod('a', 'newest'))).toEqual([deleted('a'), set(pod('a', 'newest'))]);
});

test('B5 an event that comes twice changes nothing', () => {
  const index = new ObjectIndex();
  expect(index.set(pod('a'))).toHaveLength(1);
  expect(index.set(pod('a'))).toEqual([]);
  expect(index.delete(pod('a'))).toEqual([deleted('a')]);
  expect(index.delete(pod('a'))).toEqual([]);
});

test('the deletion of a former object leaves the one that took its name', () => {
  const index = new ObjectIndex();
  index.set(pod('a', 'new'));
  expect(index.delete(pod('a', 'old'))).toEqual([]);
  expect(index.size).toBe(1);
});

test('names that JavaScript objects know are names like others', () => {
  const index = new ObjectIndex();
  const odd = [pod('constructor'), pod('tostring', 'u', '1', '__proto__')];
  expect(index.replace(odd)).toHaveLength(2);
  expect(index.replace([])).toHaveLength(2);
});

test('R12 changes applied in order give exactly the new list', () => {
  const objects = fc.uniqueArray(
    fc
      .tuple(
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.constantFrom('1', '2'),
        fc.constantFrom('1', '2'),
      )
      .map(([name, uid, version]) => pod(name, uid, version)),
    { selector: ({ name }) => name },
  );
  fc.assert(
    fc.property(fc.array(objects), (lists) => {
      const index = new ObjectIndex();
      const view = new Map<string, unknown>();
      for (const list of lists) {
        for (const change of index.replace(list)) {
          if (change.type === 'delete') view.delete(change.name);
          else view.set((change.object.body.metadata as { name: string }).name, change.object.body);
        }
        expect(view).toEqual(new Map(list.map(({ name, body }) => [name, body])));
      }
    }),
  );
});

test('R17 one namespace can be handed over and taken back', () => {
  const index = new ObjectIndex();
  index.replace([pod('a'), pod('a', 'u', '1', 'ops')]);
  const shop = index.take('shop');
  expect([index.size, shop.size]).toEqual([1, 1]);
  index.adopt(shop);
  expect([index.size, shop.size]).toEqual([2, 0]);
});
