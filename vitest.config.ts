import { defineConfig } from 'vitest/config';

const pure = 'tests/domain/**/*.test.ts';

export default defineConfig({
  test: {
    // The native part of the Temporal SDK does not like threads.
    pool: 'forks',
    maxWorkers: 2,
    teardownTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'domain', include: [pure] } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['tests/**/*.test.ts'],
          exclude: [pure],
          globalSetup: ['tests/harness/globalSetup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
