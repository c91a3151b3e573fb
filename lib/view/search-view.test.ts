import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { cluster } from '#lib/testing/arbitraries.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import { scenario } from '#lib/testing/scenario.ts';
import { searchView } from './search-builder.ts';
import type { SearchHit } from './search-view.ts';

const OBJECTS = `
apiVersion: v1
kind: Pod
metadata:
  {name: web-x1, namespace: front, ownerReferences: [{kind: StatefulSet, name: web, controller: true}]}
---
{apiVersion: v1, kind: Namespace, metadata: {name: web}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: front}}
---
{apiVersion: v1, kind: Pod, metadata: {name: old-web, namespace: shop}, status: {phase: Succeeded}}
`;
const { connectivity } = scenario({ 'shop/web': '{}', 'shop/the-web': '{}' }, { objects: OBJECTS });

/** `workload front/web`, best first. */
function hits(query: string, limit = 20): readonly string[] {
  return searchView(connectivity, query, limit).hits.map(
    ({ kind, ref }) => `${kind} ${ref.namespace ?? '-'}/${ref.name}`,
  );
}

describe('a word', () => {
  test('finds what is called so first, then what begins so, then what has it', () => {
    expect(hits('web')).toEqual([
      'namespace -/web',
      'workload front/web',
      'workload shop/web',
      'service front/web',
      'policy shop/web',
      'pod front/web-x1',
      'policy shop/the-web',
    ]);
  });

  test('is found in the namespace and the kind too, behind names', () => {
    expect(hits('front')).toEqual([
      'namespace -/front',
      'workload front/web',
      'service front/web',
      'pod front/web-x1',
    ]);
    expect(hits('statefulset')).toEqual(['workload front/web']);
  });

  test('in any case, and literally', () => {
    expect(hits('CoreDNS')).toEqual(['workload kube-system/coredns']);
    expect(hits('.*')).toEqual([]);
    expect(hits('nothing-like-it')).toEqual([]);
  });
});

test('nodes are found, and the API server by what people call it', () => {
  expect(hits('n1')).toEqual(['node -/n1']);
  expect(hits('api-server')).toEqual(['service default/kubernetes']);
});

test('several words must all be there', () => {
  expect(hits('shop web')).toEqual(['workload shop/web', 'policy shop/web', 'policy shop/the-web']);
  expect(hits('shop/web')).toEqual(hits('shop web'));
  expect(hits('ops web')).toEqual([]);
});

test('a pod leads to its workload; finished pods and bare ones are not pods of their own', () => {
  const { hits: found } = searchView(connectivity, 'web-x1', 5);
  expect(found).toEqual([
    {
      kind: 'pod',
      ref: { kind: 'Pod', namespace: 'front', name: 'web-x1' },
      workload: { kind: 'StatefulSet', namespace: 'front', name: 'web' },
    },
  ]);
  expect(hits('old-web')).toEqual([]);
});

test('a policy has its group', () => {
  expect(searchView(connectivity, 'the-web', 5).hits[0]?.ref).toEqual({
    group: 'networking.k8s.io',
    kind: 'NetworkPolicy',
    namespace: 'shop',
    name: 'the-web',
  });
});

test('the limit cuts what is shown, not what is counted', () => {
  expect(searchView(connectivity, 'web', 2)).toMatchObject({ query: 'web', total: 7 });
  expect(hits('web', 2)).toEqual(['namespace -/web', 'workload front/web']);
});

test('no word is everything, namespaces first', () => {
  const everything = searchView(connectivity, '  ', 5);
  expect(everything.hits.map(({ kind }) => kind)).toEqual(Array(5).fill('namespace'));
  expect(everything.total).toBeGreaterThan(15);
});

/** Everything there is, in the order of kinds. */
function everyHit({ snapshot, workloads }: Connectivity): readonly SearchHit[] {
  const hit = (kind: SearchHit['kind'], ref: SearchHit['ref']) => ({ kind, ref, workload: null });
  return [
    ...[...snapshot.namespaces.keys()].map((name) =>
      hit('namespace', { kind: 'Namespace', namespace: null, name }),
    ),
    ...[...workloads.values()].map(({ ref }) => hit('workload', ref)),
    ...snapshot.policies.map(({ ref }) => hit('policy', ref)),
  ];
}

/** As it is meant: each object is looked at, and all are sorted. */
function searchedOneByOne(connectivity: Connectivity, words: readonly string[]): readonly string[] {
  const rank = (name: string, word: string) =>
    name === word ? 0 : name.startsWith(word) ? 1 : name.includes(word) ? 2 : 3;
  return everyHit(connectivity)
    .map((hit, order) => ({ hit, order, key: refKey(hit.ref) }))
    .filter(({ key }) => words.every((word) => key.toLowerCase().includes(word)))
    .map((found) => {
      const { kind, ref } = found.hit;
      const order = ['namespace', 'workload', 'policy'].indexOf(kind);
      return { ...found, order, rank: Math.min(...words.map((word) => rank(ref.name, word))) };
    })
    .sort((a, b) => a.rank - b.rank || a.order - b.order || compareText(a.key, b.key))
    .map(({ hit, key }) => `${hit.kind} ${key}`);
}

test('finds what looking at each object finds, in the same order', () => {
  const word = fc.constantFrom('e', 'red', 'pod', 'pod-1', 'policy', 'o', '-', 'n', 'green', 'x');
  fc.assert(
    fc.property(cluster, fc.array(word, { minLength: 1, maxLength: 3 }), (raw, words) => {
      const analysed = analyse(snapshotOf(raw));
      const { hits: found, total } = searchView(analysed, words.join(' '), 100);
      const expected = searchedOneByOne(analysed, words);
      const shown = found.filter(({ kind }) => kind !== 'node');
      expect(shown.map(({ kind, ref }) => `${kind} ${refKey(ref)}`)).toEqual(expected);
      expect(total).toBe(found.length);
    }),
    { numRuns: 100 },
  );
});
