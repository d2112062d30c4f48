import { defineConfig } from 'vitest/config';

/** Tests against other people's tools; each skips, saying so, where its tool is not installed. */
export default defineConfig({
  test: { include: ['test/conformance/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, pool: 'forks', maxWorkers: 2 },
});
