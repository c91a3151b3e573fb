import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns, TooLate } from './turns.ts';

function spin(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

/** Turns under a clock that the work moves. */
function setUp(limitMs = 60_000) {
  let now = 0;
  const turns = createTurns(limitMs, () => now);
  const order: string[] = [];
  const work = (name: string, isShort: boolean, takes = 200) =>
    turns.take(isShort, () => {
      order.push(name);
      now += takes;
    });
  return { order, work };
}

test('short ones go first, and all have their turn', async () => {
  const { order, work } = setUp();
  await Promise.all([
    work('first', false),
    work('long', false),
    work('a', true, 1),
    work('b', true, 1),
  ]);
  expect(order).toEqual(['first', 'a', 'b', 'long']);
});

test('long and short ones take turns when both have waited', async () => {
  const { order, work } = setUp();
  const longs = ['l1', 'l2', 'l3'].map((name) => work(name, false));
  const shorts = ['s1', 's2', 's3', 's4', 's5'].map((name) => work(name, true));
  await Promise.all([...longs, ...shorts]);
  expect(order).toEqual(['l1', 's1', 's2', 's3', 'l2', 's4', 'l3', 's5']);
});

test.each([1, 10])(
  'however many wait, a timer comes between two of them of %d ms',
  async (each) => {
    const turns = createTurns(60_000);
    let done = 0;
    const work = Array.from({ length: 400 / each }, () =>
      turns.take(false, () => {
        spin(each);
        done++;
      }),
    );
    await pass(25);
    // Without turns all would have been done before the timer.
    expect(done * each).toBeLessThan(120);
    await Promise.all(work);
    expect(done * each).toBe(400);
  },
);

test('what is given, thrown and promised is passed on', async () => {
  const turns = createTurns(1000);
  expect(await turns.take(true, () => 1)).toBe(1);
  expect(await turns.take(true, () => Promise.resolve(2))).toBe(2);
  const thrown = turns.take(true, () => {
    throw new Error('planted');
  });
  await expect(thrown).rejects.toThrow('planted');
});

test('what nobody waits for any more is not done', async () => {
  const { order, work } = setUp(100);
  // The first begins at once, and the others wait from when it is done.
  const [, second, late] = [work('first', true), work('second', true), work('late', true)];
  await second;
  await expect(late).rejects.toThrow(TooLate);
  expect(order).toEqual(['first', 'second']);
});
