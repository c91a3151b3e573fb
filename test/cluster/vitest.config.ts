import { defineConfig } from 'vitest/config';

/** Tests against a real API server: `test/cluster/run.mjs` starts them. */
export default defineConfig({
  test: {
    name: 'cluster',
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/cluster/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // each file runs an API server of its own
    maxWorkers: 2,
  },
});
