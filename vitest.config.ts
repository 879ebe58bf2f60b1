import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests of whole hosts mostly wait: on a small machine two files at once use the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Modules keep no state of their own, so loading them once a worker is enough.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'coverage/results.json' }]],
  },
});
