import { expect, test } from 'vitest';
import type { ClusterSummary, Freshness } from '#lib/view/cluster-view.ts';
import { freshnessText, originText } from './freshness-text.ts';

function summary(freshness: Freshness, changes: Partial<ClusterSummary> = {}): ClusterSummary {
  return {
    name: 'dev',
    origin: { kind: 'kubernetes-api', context: 'dev', server: 'https://10.0.0.1:6443' },
    freshness,
    revision: 1,
    readAt: null,
    counts: { namespaces: 1, workloads: 1, pods: 1, policies: 1 },
    coverage: { pods: 1, ingress: 0, egress: 0, both: 0 },
    plugin: null,
    resources: [{ resource: 'pods', status: 'live', objects: 1, expected: null, message: null }],
    gaps: [],
    problems: [],
    ...changes,
  };
}

const syncing = (objects: number, expected: number | null = null) =>
  ({ status: 'syncing', phase: 'reading', objects, expected }) as const;

const REFUSED = 'cannot reach https://10.0.0.1:6443: ECONNREFUSED';

test.each<[Freshness, string, string]>([
  [{ status: 'live' }, 'Live', 'Changes arrive as they happen.'],
  [syncing(1200), 'Syncing', 'Reading the cluster: 1,200 objects so far.'],
  [syncing(1200, 9000), 'Syncing', 'Reading the cluster: 1,200 of 9,000 objects.'],
  [
    { ...syncing(9000, 9000), phase: 'analysing' },
    'Syncing',
    'Working out who can connect, from 9,000 objects.',
  ],
  [
    { status: 'unreachable', cause: REFUSED, attempt: 4 },
    'Unreachable',
    'Cannot reach https://10.0.0.1:6443: ECONNREFUSED. Retrying, attempt 4.',
  ],
])('%j', (freshness, word, sentence) => {
  expect(freshnessText(summary(freshness), 'open')).toMatchObject({ word, sentence });
});

test('stale names the time', () => {
  const stale = { status: 'stale', since: new Date().toISOString(), cause: REFUSED } as const;
  expect(freshnessText(summary(stale), 'open').word).toMatch(/^Stale since \d\d:\d\d:\d\d$/);
});

test('a cluster that nobody opened is not said to be under way', () => {
  const unopened = summary(syncing(0), { revision: 0 });
  expect(freshnessText(unopened, 'open')).toMatchObject({ tone: 'idle', word: 'Not read yet' });
});

test('without the server nothing is known to be current', () => {
  expect(freshnessText(summary({ status: 'live' }), 'lost').tone).toBe('failed');
});

test('manifests are not live', () => {
  const origin = { kind: 'manifests', path: 'deploy/' } as const;
  const read = summary({ status: 'live' }, { origin });
  expect(freshnessText(read, 'open').word).toBe('Manifests');
  expect(originText(read)).toBe('manifests in deploy/');
});
