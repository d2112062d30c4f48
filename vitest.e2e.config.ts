import { defineConfig } from 'vitest/config';

/** Tests in a real Chromium. One file at a time: they share the machine's graphics and ports. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
    maxWorkers: 1,
  },
});
