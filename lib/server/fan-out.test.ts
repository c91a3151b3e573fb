import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFanOut, type Send } from './fan-out.ts';

test('many receivers are given messages in order, and others have their turn in between', async () => {
  let now = 0;
  const heard = Array.from({ length: 100 }, (): string[] => []);
  const receivers = heard.map(
    (mine): Send =>
      (message) => {
        now += 1;
        mine.push(String(message));
      },
  );
  const fanOut = createFanOut(() => now);
  const done = Promise.all(['a', 'b', 'c'].map((text) => fanOut(Buffer.from(text), receivers)));
  let turns = 0;
  let over = false;
  const finished = done.then(() => {
    over = true;
  });
  while (!over) {
    await setImmediate();
    turns++;
  }
  await finished;
  // Three hundred writes of a millisecond, ten in a turn.
  expect(turns).toBeGreaterThanOrEqual(30);
  for (const mine of heard) expect(mine).toEqual(['a', 'b', 'c']);
});

test('who comes later is not given what was sent before', async () => {
  const receivers = new Set<Send>();
  const heard: string[] = [];
  const fanOut = createFanOut();
  const first = fanOut(Buffer.from('a'), receivers);
  receivers.add((message) => heard.push(String(message)));
  await Promise.all([first, fanOut(Buffer.from('b'), receivers)]);
  expect(heard).toEqual(['b']);
});
