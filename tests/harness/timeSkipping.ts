import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';

/**
 * A Temporal server whose time is skipped while nothing happens. Time is global: one per test file. The caller tears it down.
 * `env.sleep` skips time; waiting for an update does not.
 */
export async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  const found = inject('shared').timeSkipping;
  if ('missing' in found) throw new Error(found.missing);
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path: found.path } } });
}
