import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

// The project's own configuration, without what needs the types of a whole program: the files here do not exist.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [{ languageOptions: { parserOptions: { projectService: false } } }, { rules: tseslint.configs.disableTypeChecked.rules ?? {} }],
});

/** The rules that `code` breaks in `file`. */
async function complaintsOf(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? ['not linted'];
}

describe('the table of imports is kept', () => {
  it.each([
    ['domain/complaint/x.ts', `import { Client } from '@temporalio/client';\nClient;`],
    ['domain/complaint/x.ts', `import '../../prisma/record.js';`],
    ['domain/x.ts', `import { randomUUID } from 'node:crypto';\nrandomUUID;`],
    ['domain/x.ts', `export * from '../api/app.js';`],
    ['domain/x.ts', `export const a = await import('@temporalio/workflow');`],
    ['workflows/x.ts', `import { createActivities } from '../activities/index.js';\ncreateActivities;`],
    ['workflows/x.ts', `import { z } from 'zod';\nz;`],
    ['activities/x.ts', `import { app } from '../api/app.js';\napp;`],
    ['activities/x.ts', `import { engine } from '../engine/engine.js';\nengine;`],
    ['prisma/x.ts', `import { engine } from '../engine/engine.js';\nengine;`],
    ['prisma/x.ts', `import express from 'express';\nexpress;`],
    ['api/x.ts', `import { complaint } from '../workflows/complaint.js';\ncomplaint;`],
    ['api/x.ts', `import { Client } from '@temporalio/client';\nClient;`],
    ['engine/x.ts', `import { complaint } from '../workflows/complaint.js';\ncomplaint;`],
    ['audit/x.ts', `import { app } from '../api/app.js';\napp;`],
    ['audit/x.ts', `import { start } from '../bin/start.js';\nstart;`],
  ])('in %s, not: %s', async (file, code) => {
    expect(await complaintsOf(file, code)).toContain('threefold/layers');
  });

  it.each([
    ['domain/policy/schema.ts', `import { z } from 'zod';\nz;`],
    ['workflows/x.ts', `import type { Activities } from '../activities/index.js';\nexport const a: Activities | null = null;`],
    ['workflows/x.ts', `import { condition } from '@temporalio/workflow';\nimport { fold } from '../domain/complaint/evolve.js';\ncondition; fold;`],
    ['engine/x.ts', `import { acceptUpdate } from '../workflows/messages.js';\nacceptUpdate;`],
    ['api/x.ts', `import express from 'express';\nimport { engine } from '../engine/engine.js';\nexpress; engine;`],
    ['bin/x.ts', `import express from 'express';\nimport { app } from '../api/app.js';\nexpress; app;`],
  ])('in %s: %s', async (file, code) => {
    expect(await complaintsOf(file, code)).not.toContain('threefold/layers');
  });
});

describe('the environment is read in bin/ only, and domain/ is pure', () => {
  it.each([
    ['api/x.ts', 'export const a = process.env;', 'no-restricted-properties'],
    ['prisma/x.ts', 'export const { env } = process;', 'no-restricted-properties'],
    ['domain/x.ts', 'export const a = Date.now();', 'no-restricted-properties'],
    ['domain/x.ts', 'export const a = new Date();', 'no-restricted-syntax'],
    ['domain/x.ts', 'export const a = Math.random();', 'no-restricted-properties'],
    ['domain/x.ts', 'export const a = crypto.randomUUID();', 'no-restricted-globals'],
  ])('in %s, not: %s', async (file, code, rule) => {
    expect(await complaintsOf(file, code)).toContain(rule);
  });

  it('bin/ and tests/ may', async () => {
    for (const file of ['bin/x.ts', 'tests/x.test.ts']) expect(await complaintsOf(file, 'export const a = process.env;')).toEqual([]);
  });
});
