import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

function spin(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

test('short ones go first, and all have their turn', async () => {
  const turns = createTurns(1000);
  const order: string[] = [];
  const work = async (name: string, isShort: boolean) => {
    if (await turns.wait(isShort)) order.push(name);
  };
  const names = [work('first', false), work('long', false), work('a', true), work('b', true)];
  await Promise.all(names);
  expect(order).toEqual(['first', 'a', 'b', 'long']);
});

test('however many wait, a timer comes between two of them', async () => {
  const turns = createTurns(60_000);
  let done = 0;
  const work = Array.from({ length: 40 }, async () => {
    await turns.wait(false);
    spin(10);
    done++;
  });
  await pass(25);
  // Without turns all forty would have been done before the timer.
  expect(done).toBeLessThan(10);
  await Promise.all(work);
  expect(done).toBe(40);
});

test('a long one does not wait for ever behind short ones', async () => {
  let now = 0;
  const turns = createTurns(60_000, () => now);
  const order: string[] = [];
  const work = async (name: string, isShort: boolean) => {
    await turns.wait(isShort);
    order.push(name);
    now += 200;
  };
  await Promise.all([
    work('s1', true),
    work('long', false),
    ...['s2', 's3', 's4', 's5'].map((name) => work(name, true)),
  ]);
  expect(order).toEqual(['s1', 's2', 's3', 'long', 's4', 's5']);
});

test('whom nobody waits for any more is told so, and costs no turn', async () => {
  let now = 0;
  const turns = createTurns(100, () => now);
  const first = turns.wait(true);
  const late = turns.wait(true);
  expect(await first).toBe(true);
  now = 500;
  expect(await late).toBe(false);
});
