import { workflowInfo } from '@temporalio/workflow';

/**
 * Answers whether this run's history has grown so long that the case should go on in another. Once it has, it stays so: what has
 * stopped on the first yes (the timer) would not start again, were the server's mind to change.
 */
export function lengthOfRun(): () => boolean {
  let full = false;
  return () => (full ||= workflowInfo().continueAsNewSuggested);
}
