import type { TestProject } from 'vitest/node';
import { readSettings } from '../../bin/configuration.js';
import { startPostgres, TEMPLATE } from './globalSetup.js';
import { openRunFolder } from './leftovers.js';
import { findServerExecutables } from './temporalServerExecutables.js';

/**
 * What the test in a cluster stands on: a Postgres, and the programs of Temporal's own server, which are built before anything
 * is timed.
 */
export default async function setup(project: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  const { cacheDir } = readSettings(process.env);
  const folder = await openRunFolder();
  try {
    const server = await findServerExecutables({ path: process.env['PATH'] ?? '', cacheDir, say: console.log });
    const postgres = await startPostgres(folder);
    project.provide('shared', { folder: folder.path, postgres, template: TEMPLATE, temporal: '', timeSkipping: { missing: 'there is none in a cluster' } });
    project.provide('server', server);
    return folder.remove;
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    /** the programs of Temporal's own server, or why there are none */
    server: Awaited<ReturnType<typeof findServerExecutables>>;
  }
}
