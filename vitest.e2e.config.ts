import { defineConfig } from 'vitest/config';

/**
 * Tests in a real Chromium. One file at a time: they share the machine's graphics and ports. Times are there for what hangs,
 * so they are long: a machine that is busy with something else must not fail a test.
 */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    pool: 'forks',
    maxWorkers: 1,
  },
});
