import { defineConfig } from 'vitest/config';
import { root } from './context.js';

/** `npm run check:image`: what takes too long to be a part of `npm test`. */
export default defineConfig({
  root,
  test: {
    pool: 'forks',
    include: ['tests/deploy/*.walk.ts'],
    globalSetup: ['tests/harness/globalSetup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
