import { defineConfig } from 'vitest/config';

const pure = 'tests/domain/**/*.test.ts';
const cluster = 'tests/away/cluster.test.ts';

export default defineConfig({
  test: {
    // The native part of the Temporal SDK does not like threads.
    pool: 'forks',
    maxWorkers: 2,
    // for what never ends; how fast anything is, no test says
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'domain', include: [pure] } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['tests/**/*.test.ts'],
          exclude: [pure, cluster],
          globalSetup: ['tests/harness/globalSetup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: [cluster],
          globalSetup: ['tests/harness/clusterSetup.ts'],
          // after all others: it starts a dozen processes, and builds Temporal's own server where that is not kept yet
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
