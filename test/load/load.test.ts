import { expect, test } from 'vitest';
import { SMOKE } from './profiles.ts';
import { runLoad } from './run-load.ts';

/** The load in small, for what is right or wrong; how fast it is, no test can say. */
test('under load nothing is lost, slow readers are dropped, limits are told, and all end', {
  timeout: 300_000,
}, async () => {
  const outcome = await runLoad(SMOKE, () => {});

  // The views, read or followed, are what a fresh look at the stored objects gives; every reader came to the end.
  expect(outcome.mistakes).toEqual([]);
  expect(outcome.reconnects).toBeGreaterThan(0);
  expect(outcome.followed.applied).toBeGreaterThan(0);
  expect(outcome.slowDropped).toBe(SMOKE.slowViewers);

  const { status, contentType, body } = outcome.refusal;
  expect({ status, contentType }).toEqual({ status: 429, contentType: 'application/problem+json' });
  expect(JSON.parse(body)).toMatchObject({ status: 429, code: 'E_STREAMS' });

  expect(outcome.goodbyes).toBe(outcome.readers);
  expect(outcome.stop.code).toBe(0);
});
