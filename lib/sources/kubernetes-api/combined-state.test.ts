import { expect, test } from 'vitest';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { combineStates } from './combined-state.ts';

const live: ListState = { status: 'live' };
const stale = (since: string): ListState => ({ status: 'stale', since, cause: 'lost', attempt: 2 });
const forbidden: ListState = { status: 'forbidden', message: 'no' };
const failed: ListState = { status: 'failed', message: 'broken', attempt: 1 };
const missing: ListState = { status: 'not-installed' };
const syncing = (objects: number): ListState => ({ status: 'syncing', objects });

test.each<[string, Record<string, ListState>, ListState]>([
  [
    'R17 only what was read is known',
    { b: live, a: live, c: forbidden, d: failed },
    { status: 'live', namespaces: ['a', 'b'] },
  ],
  ['a first list is complete when all are', { a: syncing(3), b: live, c: syncing(4) }, syncing(7)],
  [
    'it is as old as its oldest part',
    { a: stale('2026-01-02'), b: stale('2026-01-01'), c: live },
    { ...stale('2026-01-01'), namespaces: ['a', 'b', 'c'] } as ListState,
  ],
  ['R17 nothing readable is forbidden', { a: forbidden, b: forbidden }, forbidden],
  ['a failure may still become readable', { a: forbidden, b: failed }, failed],
  ['R18 not installed everywhere', { a: missing, b: missing }, missing],
])('%s', (_, states, expected) => {
  expect(combineStates(new Map(Object.entries(states)))).toEqual(expected);
});
