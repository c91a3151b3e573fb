import { expect, test } from 'vitest';
import { PODS } from '#lib/model/resource.ts';
import { writeListPage } from '#lib/testing/protobuf-writer.ts';
import { readListPage } from './list-page.ts';

function labelsOf(...labels: readonly Record<string, string>[]): unknown[] {
  const items = labels.map((each, i) => ({ metadata: { name: `p${i}`, labels: each } }));
  const page = writeListPage({ apiVersion: 'v1', kind: 'PodList', metadata: {}, items });
  return (readListPage(PODS, page).items as { metadata: { labels: unknown } }[]).map(
    ({ metadata }) => metadata.labels,
  );
}

test('what is written as in the sibling is the same object, and cannot be changed', () => {
  const [a, b, other, again] = labelsOf(
    { app: 'web' },
    { app: 'web' },
    { app: 'db' },
    { app: 'web' },
  );
  expect(b).toBe(a);
  expect(Object.isFrozen(a)).toBe(true);
  expect([a, other, again]).toEqual([{ app: 'web' }, { app: 'db' }, { app: 'web' }]);
});

test('what is longer, shorter, or too long to compare is read for itself', () => {
  const long = { app: 'x'.repeat(5000) };
  const all = [{ app: 'web' }, { app: 'web', b: '' }, { app: 'we' }, long, long, { app: 'web' }];
  expect(labelsOf(...all)).toEqual(all);
});
