import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Killed hosts, properties of a whole world, whole runs: minutes in which little but waiting shows. */
const slow = ['test/{browser,e2e}/**/*.test.ts', 'test/**/*.slow.test.ts'];

export default defineConfig({
  test: {
    // Tests of whole hosts mostly wait: on a small machine two files at once use the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Modules keep no state of their own, so loading them once a worker is enough.
    isolate: false,
    // The built app runs as it is, in tests that load it into their own process as well.
    server: { deps: { external: [/[\\/]built-app-[^\\/]+[\\/]/] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A limit for what never comes; a loaded machine may need seconds for what does.
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', ['json', { outputFile: 'coverage/results.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,infra,kql,bench}/**/*.test.ts'],
          setupFiles: ['test/support/no-io.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{contract,integration}/**/*.test.ts'],
          exclude: slow,
          globalSetup: 'test/support/run/global-setup.ts',
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          globalSetup: 'test/support/run/global-setup.ts',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
