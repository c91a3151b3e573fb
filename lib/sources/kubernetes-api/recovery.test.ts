import { expect, test } from 'vitest';
import { Failure, type FailureCause } from './failure.ts';
import { recover } from './recovery.ts';

const status = (code: number, retryAfterMs: number | null = null): FailureCause => ({
  kind: 'status',
  status: code,
  reason: null,
  retryAfterMs,
});

const next = (cause: FailureCause, attempt = 1, message = '') =>
  recover(new Failure(cause, message), 'watch', attempt, 0);

test.each`
  what                          | cause                      | after
  ${'R9 410'}                   | ${status(410)}             | ${'list'}
  ${'a request not understood'} | ${status(400)}             | ${'list'}
  ${'R17 a watch not allowed'}  | ${status(403)}             | ${'list'}
  ${'R18 a kind that is gone'}  | ${status(404)}             | ${'list'}
  ${'R11 a bad line'}           | ${{ kind: 'malformed' }}   | ${'list'}
  ${'R2 401'}                   | ${status(401)}             | ${'watch'}
  ${'R9 429'}                   | ${status(429)}             | ${'watch'}
  ${'R9 500'}                   | ${status(500)}             | ${'watch'}
  ${'R9 503'}                   | ${status(503)}             | ${'watch'}
  ${'B5 a reset connection'}    | ${{ kind: 'unreachable' }} | ${'watch'}
  ${'a late answer'}            | ${{ kind: 'timeout' }}     | ${'watch'}
  ${'R10 a stall'}              | ${{ kind: 'stalled' }}     | ${'watch'}
  ${'B6 a truncated line'}      | ${{ kind: 'truncated' }}   | ${'watch'}
  ${'R7 a short watch'}         | ${{ kind: 'short-watch' }} | ${'watch'}
  ${'no credential'}            | ${{ kind: 'credentials' }} | ${'watch'}
`('$what is followed by a $after', ({ cause, after }) => {
  expect(next(cause).next).toBe(after);
  expect(recover(new Failure(cause, ''), 'list', 1, 0).next).toBe('list');
});

test('B8 an expired watch is followed by a list soon, unless a list does not help', () => {
  const expired = new Failure(status(410), '');
  expect(recover(expired, 'watch', 20, 0.9).waitMs).toBeLessThanOrEqual(1000);
  expect(recover(expired, 'first-watch', 20, 0.9).waitMs).toBeGreaterThan(5000);
});

test('B9 a replica that is behind is asked for its newest list', () => {
  const message = 'Too large resource version: 12, current: 10';
  expect(next(status(504), 1, message).next).toBe('list');
  expect(next(status(504)).next).toBe('watch');
});

test('B11 Retry-After is honoured, within reason', () => {
  expect(next(status(429, 7000)).waitMs).toBe(7000);
  expect(next(status(503, 7000)).waitMs).toBe(7000);
  expect(next(status(429, 1e9)).waitMs).toBe(120_000);
  expect(next(status(429, 0)).waitMs).toBe(500);
});

test('R17 where lists are allowed and watches are not, lists come every half minute', () => {
  const refused = new Failure(status(403), '');
  expect(recover(refused, 'first-watch', 1, 0)).toEqual({ next: 'list', waitMs: 30_000 });
  expect(recover(refused, 'watch', 1, 0)).toEqual({ next: 'list', waitMs: 500 });
});

test('a watch that never works gives way to a list now and then', () => {
  const kinds = [1, 2, 3, 4, 5, 6].map((attempt) => next({ kind: 'timeout' }, attempt).next);
  expect(kinds).toEqual(['watch', 'watch', 'watch', 'watch', 'list', 'watch']);
});

test('R21 too many objects are not counted again at once', () => {
  expect(recover(new Failure({ kind: 'too-many-objects' }, ''), 'list', 1, 0).waitMs).toBe(300_000);
});
