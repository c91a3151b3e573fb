import { expect, test } from 'vitest';
import { LabelSets, NO_LABELS } from './labels.ts';

test('equal labels are the same Map, with others asked for in between', () => {
  const sets = new LabelSets();
  const web = sets.of([['app', 'web']]);
  expect([...web]).toEqual([['app', 'web']]);
  expect(sets.of([['app', 'web']])).toBe(web);
  for (let i = 0; i < 20; i++) sets.of([['pod', String(i)]]);
  expect(sets.of([['app', 'web']])).toBe(web);
  expect(sets.of([])).toBe(NO_LABELS);
});

test('what differs in a key, a value, the order or the number is another', () => {
  const sets = new LabelSets();
  const both = sets.of([
    ['a', '1'],
    ['b', '2'],
  ]);
  const others = [
    sets.of([
      ['b', '2'],
      ['a', '1'],
    ]),
    sets.of([['a', '1']]),
    sets.of([['a', '1\0b\x002']]),
    sets.of([
      ['a', '2'],
      ['b', '1'],
    ]),
  ];
  expect(new Set([both, ...others]).size).toBe(5);
  expect([...(others[2] ?? [])]).toEqual([['a', '1\0b\x002']]);
});

test('of all that was ever asked for only so much is remembered', () => {
  const sets = new LabelSets();
  const given = Array.from({ length: 30_000 }, (_, i) => sets.of([['pod', `p-${i}`]]));
  const again = given.filter((labels, i) => sets.of([['pod', `p-${i}`]]) === labels);
  expect(again.length).toBeLessThanOrEqual(8193);
  expect([...sets.of([['pod', 'p-0']])]).toEqual([['pod', 'p-0']]);
});
