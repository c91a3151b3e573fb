import { afterEach, expect, test, vi } from 'vitest';
import { analyse } from '#lib/engine/connectivity.ts';
import { manifestStore } from '#lib/testing/fixture-cluster.ts';
import { writtenConnections } from '#lib/view/written-connections.ts';
import { createExports, type OpenedExport } from './cluster-exports.ts';
import type { Picture } from './picture.ts';

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: ${name}}
spec: {containers: [{name: a, image: b}]}
`;

function picture(revision: number, pods: number): Picture {
  const yaml = Array.from({ length: pods }, (_, i) => pod(`pod-${i}`)).join('---');
  const connectivity = analyse(manifestStore(yaml).snapshot());
  return { connectivity, revision, readAt: '2026-01-01T00:00:00.000Z' };
}

function opened(exports: ReturnType<typeof createExports>): OpenedExport {
  const one = exports({ format: 'csv' });
  if (one.kind !== 'opened') throw new Error(one.kind);
  return one;
}

afterEach(() => void vi.useRealTimers());

test('an export is of the picture it began with, in pieces of bounded size', async () => {
  let newest = picture(1, 60);
  const exports = createExports(() => newest);
  const whole = [...writtenConnections(newest.connectivity, 'csv')].join('');
  const one = opened(exports);
  newest = picture(2, 1);
  const pieces: Uint8Array[] = [];
  for (let bytes = await one.next(); bytes !== null; bytes = await one.next()) pieces.push(bytes);
  expect(Buffer.concat(pieces).toString()).toBe(whole);
  expect(pieces.length).toBeGreaterThan(2);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  expect(one.revision).toBe(1);
  expect(await one.next()).toBeNull();
});

test('one that ends, is cancelled or is left alone makes room for another', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const exports = createExports(() => picture(1, 3));
  const [read, cancelled, left] = [opened(exports), opened(exports), opened(exports)];
  opened(exports);
  expect(exports({ format: 'csv' })).toMatchObject({ kind: 'busy' });
  while ((await read.next()) !== null);
  cancelled.cancel();
  cancelled.cancel();
  opened(exports);
  opened(exports);
  expect(exports({ format: 'csv' })).toMatchObject({ kind: 'busy' });
  vi.advanceTimersByTime(60_000);
  await expect(left.next()).rejects.toThrow('cut short');
  expect(exports({ format: 'csv' })).toMatchObject({ kind: 'opened' });
});
