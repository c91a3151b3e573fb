import { describe, expect, test } from 'vitest';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { freshnessOf, isComplete, type Lists, resourceStatuses } from './freshness.ts';

const live: ListState = { status: 'live' };
const syncing = (objects: number, expected?: number): ListState => ({
  status: 'syncing',
  objects,
  ...(expected === undefined ? {} : { expected }),
});
const READING = { status: 'syncing', phase: 'reading', expected: null };
const ANALYSING = { ...READING, phase: 'analysing' };
const failed = (attempt: number): ListState => ({ status: 'failed', message: 'no route', attempt });
const forbidden: ListState = { status: 'forbidden', message: 'may not list' };
const absent: ListState = { status: 'not-installed' };
const stale = (since: string): ListState => ({
  status: 'stale',
  since,
  cause: `gone ${since}`,
  attempt: 1,
});

function lists(...states: readonly ListState[]): Lists {
  return new Map(states.map((state, i) => [`r${i}`, { state, objects: 10 }]));
}

describe('a first picture waits for every list that may still come', () => {
  test.each<[readonly ListState[], boolean]>([
    [[], false],
    [[syncing(0), live], false],
    [[live, live], true],
    [[live, forbidden, absent], true],
    [[live, failed(3)], true],
    [[failed(1), failed(2)], false],
    [[forbidden, failed(1)], true],
    [[forbidden, forbidden], true],
  ])('%j: %s', (states, expected) => {
    expect(isComplete(lists(...states))).toBe(expected);
  });
});

describe('before the first picture', () => {
  test.each<[readonly ListState[], object]>([
    [[syncing(5), live], { ...READING, objects: 15 }],
    [[syncing(5, 300), live], { ...READING, objects: 15, expected: 310 }],
    [[syncing(5, 300), syncing(0)], { ...READING, objects: 5 }],
    [[], { ...READING, objects: 0 }],
    [[live, absent], { ...ANALYSING, objects: 20, expected: 20 }],
    [[failed(2), failed(7)], { status: 'unreachable', cause: 'no route', attempt: 7 }],
    [[failed(2), syncing(0)], { status: 'unreachable', cause: 'no route', attempt: 2 }],
    [[failed(2), live], { ...ANALYSING, objects: 20, expected: 20 }],
    [[failed(2), forbidden], { ...ANALYSING, objects: 20, expected: 20 }],
  ])('%j', (states, expected) => {
    expect(freshnessOf(lists(...states), false)).toEqual(expected);
  });
});

describe('with a picture', () => {
  test('one stale list is enough, and the oldest speaks', () => {
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    expect(freshnessOf(lists(live, stale(late), stale(early)), true)).toEqual({
      status: 'stale',
      since: early,
      cause: `gone ${early}`,
    });
  });
  test('what may not be read is a gap, not age', () => {
    expect(freshnessOf(lists(live, forbidden, failed(2)), true)).toEqual({ status: 'live' });
  });
});

test('every list has its line', () => {
  const some: ListState = { status: 'live', namespaces: ['a', 'b'] };
  expect(resourceStatuses(lists(syncing(3), some, forbidden, absent, live))).toEqual([
    { resource: 'r0', status: 'syncing', objects: 3, expected: null, message: null },
    { resource: 'r1', status: 'live', objects: 10, expected: null, message: 'only in a, b' },
    { resource: 'r2', status: 'forbidden', objects: 10, expected: null, message: 'may not list' },
    { resource: 'r3', status: 'not-installed', objects: 10, expected: null, message: null },
    { resource: 'r4', status: 'live', objects: 10, expected: null, message: null },
  ]);
});
