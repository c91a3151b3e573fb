import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { searchView } from './search-builder.ts';

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
