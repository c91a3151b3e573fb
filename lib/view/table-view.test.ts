import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { namespacesView, workloadsView } from './table-builder.ts';
import type { NamespacesQuery, WorkloadsQuery } from './table-view.ts';

const CONTEXT = { cluster: 'fixture', revision: 7, readAt: null };
const { connectivity } = scenario({
  'shop/db': '{podSelector: {matchLabels: {app: db}}}',
  'shop/web': '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}',
});

function namespaces(query: Partial<NamespacesQuery> = {}) {
  const asked = { words: '', sort: 'name', after: null, limit: 100, ...query } as const;
  return namespacesView(connectivity, CONTEXT, asked);
}

function workloads(query: Partial<WorkloadsQuery> = {}) {
  const page = { words: '', sort: 'name', after: null, limit: 100 } as const;
  return workloadsView(connectivity, CONTEXT, { namespace: null, bundle: null, ...page, ...query });
}

const names = (view: { readonly rows: readonly { readonly name: string }[] }) =>
  view.rows.map(({ name }) => name);
const refs = (view: ReturnType<typeof workloads>) =>
  view?.rows.map(({ ref }) => `${ref.namespace}/${ref.name}`);

describe('namespaces', () => {
  test('are all there, the empty ones too', () => {
    expect(namespaces()).toMatchObject({ ...CONTEXT, total: 4, next: null });
    expect(names(namespaces())).toEqual(['default', 'kube-system', 'ops', 'shop']);
    expect(namespaces().rows[3]).toEqual({
      name: 'shop',
      workloads: 3,
      ingress: 'mixed',
      egress: 'open',
      coverage: { pods: 3, ingress: 2, egress: 0, both: 0 },
    });
  });

  test('are sorted with the greatest first, and by name among equals', () => {
    expect(names(namespaces({ sort: 'pods' }))).toEqual(['shop', 'ops', 'kube-system', 'default']);
    expect(names(namespaces({ sort: 'open' }))).toEqual(['ops', 'kube-system', 'shop', 'default']);
  });

  test('come a page at a time, each where the one before ended', () => {
    for (const sort of ['name', 'workloads', 'pods', 'open'] as const) {
      const found: string[] = [];
      let after: string | null = null;
      do {
        const page = namespaces({ sort, after, limit: 1 });
        found.push(...names(page));
        after = page.next;
      } while (after !== null);
      expect(found).toEqual(names(namespaces({ sort })));
    }
  });

  test('a page begins where it should when the last row is gone', () => {
    expect(names(namespaces({ after: '0 kube' }))).toEqual(['kube-system', 'ops', 'shop']);
    expect(names(namespaces({ after: '0 zoo' }))).toEqual([]);
  });

  test('are found by words', () => {
    expect(names(namespaces({ words: 'KUBE sys' }))).toEqual(['kube-system']);
    expect(namespaces({ words: 'o', limit: 1 })).toMatchObject({ total: 2, next: '0 ops' });
  });
});

describe('workloads', () => {
  test('of the cluster or of a namespace', () => {
    expect(refs(workloads())?.length).toBe(6);
    expect(refs(workloads({ namespace: 'shop' }))).toEqual(['shop/api', 'shop/db', 'shop/web']);
    expect(workloads({ namespace: 'default' })).toMatchObject({ rows: [], total: 0 });
    expect(workloads({ namespace: 'nowhere' })).toBeNull();
  });

  test('say what the picture says', () => {
    expect(workloads({ words: 'shop web' })?.rows).toEqual([
      {
        ref: { kind: 'Pod', namespace: 'shop', name: 'web' },
        pods: 1,
        ingress: 'isolated',
        egress: 'open',
        hostNetwork: false,
        openTo: 'TCP 8080',
      },
    ]);
  });

  test('with those that are open first', () => {
    expect(refs(workloads({ namespace: 'shop', sort: 'open' }))).toEqual([
      'shop/api',
      'shop/db',
      'shop/web',
    ]);
    expect(workloads({ namespace: 'shop', sort: 'open', limit: 1 })?.next).toBe('1 shop/api[Pod]');
  });

  test('of one bundle', () => {
    expect(refs(workloads({ namespace: 'shop', bundle: 'shop/db[Pod]' }))).toEqual(['shop/db']);
    expect(workloads({ bundle: 'shop/nobody[Pod]' })?.rows).toEqual([]);
  });
});
