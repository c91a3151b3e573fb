import { defineConfig } from 'vitest/config';

const HERE = ['{bench,cli,components,lib,scripts}/**/*.test.{ts,tsx}', 'test/borders/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      // A machine may be busy; what hangs is found out all the same.
      { test: { name: 'unit', include: HERE, testTimeout: 60_000 } },
      // These need a production build; the unit tests do not.
      { test: { name: 'load', include: ['test/load/*.test.ts'] } },
      { test: { name: 'image', include: ['test/image/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
