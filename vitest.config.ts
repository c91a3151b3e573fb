import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{bench,cli,components,lib,scripts}/**/*.test.{ts,tsx}', 'test/borders/*.test.ts'],
  },
});
