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

function replaced(index: ObjectIndex, objects: readonly ApiObject[]): ObjectChange[] {
  const relist = index.relist();
  relist.add(objects);
  return relist.finish();
}

test('R12 a list read again becomes the difference', () => {
  const index = new ObjectIndex();
  expect(replaced(index, [pod('a'), pod('b'), pod('c')])).toHaveLength(3);
  const changed = pod('b', 'uid of b', '2');
  expect(replaced(index, [pod('a'), changed, pod('d')])).toEqual([
    deleted('c'),
    set(changed),
    set(pod('d')),
  ]);
  expect(replaced(index, [pod('a'), changed, pod('d')])).toEqual([]);
});

test('R12 B21 a new uid under an old name is a delete and an add', () => {
  const index = new ObjectIndex();
  replaced(index, [pod('a', 'old')]);
  expect(replaced(index, [pod('a', 'new')])).toEqual([deleted('a'), set(pod('a', 'new'))]);
  expect(index.set(pod('a', 'newest'))).toEqual([deleted('a'), set(pod('a', 'newest'))]);
});

test('R12 until a list was read to its end it changes nothing, and may start again', () => {
  const index = new ObjectIndex();
  replaced(index, [pod('a')]);
  const relist = index.relist();
  relist.add([pod('b')]);
  expect([index.size, index.set(pod('a'))]).toEqual([1, []]);
  relist.restart();
  relist.add([pod('c')]);
  expect(relist.finish()).toEqual([deleted('a'), set(pod('c'))]);
});

test('what is not told is not kept: of objects that were known nothing is prepared', () => {
  const index = new ObjectIndex();
  replaced(index, [pod('a')]);
  const prepared: unknown[] = [];
  const stub = { body: { metadata: { name: 'b' } }, origin: null };
  const relist = index.relist((object) => {
    prepared.push(object.body);
    return stub;
  });
  relist.add([pod('a'), pod('b')]);
  expect(prepared).toEqual([pod('b').body]);
  expect(relist.finish()).toEqual([{ type: 'set', object: stub }]);
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
  expect(replaced(index, odd)).toHaveLength(2);
  expect(replaced(index, [])).toHaveLength(2);
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
        for (const change of replaced(index, list)) {
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
  replaced(index, [pod('a'), pod('a', 'u', '1', 'ops')]);
  const shop = index.take('shop');
  expect([index.size, shop.size]).toEqual([1, 1]);
  index.adopt(shop);
  expect([index.size, shop.size]).toEqual([2, 0]);
});
