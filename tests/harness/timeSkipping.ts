import { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { installRuntime } from '../../bin/runtime.js';
import { searchAttributeTypes } from '../../engine/searchAttributes.js';

/**
 * A Temporal server whose time is skipped while nothing happens. Time is global: one per test file. The caller tears it down.
 * `env.sleep` skips time; waiting for an update does not.
 */
export async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  const found = inject('shared').timeSkipping;
  if ('missing' in found) throw new Error(found.missing);
  installRuntime();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path: found.path } } });
      await registerSearchAttributes(env);
      return env;
    } catch (error) {
      // The SDK waits five seconds for it, and a Java machine may take longer where all cores are busy.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

const ATTEMPTS = 5;

/** This server lists none, so all are added. */
async function registerSearchAttributes({ address, namespace = 'default' }: TestWorkflowEnvironment): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: searchAttributeTypes });
  } finally {
    await connection.close();
  }
}
