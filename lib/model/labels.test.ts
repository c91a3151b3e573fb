import { expect, test } from 'vitest';
import { LabelSets, NO_LABELS } from './labels.ts';

test('equal labels are the same Map, however many others were asked for in between', () => {
  const sets = new LabelSets();
  const web = sets.of([['app', 'web']]);
  expect([...web]).toEqual([['app', 'web']]);
  expect(sets.of([['app', 'web']])).toBe(web);
  for (let i = 0; i < 1000; i++) sets.of([['pod', String(i)]]);
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

test('sets that nobody asks for are forgotten, those in use are not', () => {
  const sets = new LabelSets();
  const used = sets.of([['app', 'web']]);
  const gone = new WeakRef(sets.of([['app', 'gone']]));
  for (let i = 0; i < 50_000; i++) {
    sets.of([['pod', String(i)]]);
    if (i % 1000 === 0) expect(sets.of([['app', 'web']])).toBe(used);
  }
  expect(sets.of([['app', 'gone']])).not.toBe(gone.deref() ?? null);
});
