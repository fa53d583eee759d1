import { defineConfig } from 'vitest/config';

// The same tests over HTTP, against two APIs and three workers on Temporal on Postgres, which are killed and started meanwhile.
process.env['THREEFOLD_TEST_SYSTEM'] = 'cluster';

export default defineConfig({
  test: {
    name: 'http in a cluster',
    pool: 'forks',
    // each file starts five processes of its own
    maxWorkers: 1,
    teardownTimeout: 60_000,
    include: ['tests/http/**/*.test.ts'],
    exclude: [
      // stops and starts an engine of its own, and so does tests/away, with more ways of being away
      'tests/http/away.test.ts',
      // kills the embedded set-up as a whole
      'tests/http/killed.test.ts',
      // searches the logs of one process and the file of one engine for words
      'tests/http/privacy.test.ts',
    ],
    globalSetup: ['tests/harness/globalSetup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
