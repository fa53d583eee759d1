import type { Parts } from '../../bin/parts.js';
import type { Complaint } from '../../domain/complaint/state.js';
import { workflowId } from '../../engine/ids.js';
import { complaintQuery } from '../../workflows/messages.js';

const QUERY_MS = 1_000;

/** A case as its workflow holds it; null when that does not say within a second. */
export async function liveState({ client }: Pick<Parts, 'client'>, id: string): Promise<Complaint | null> {
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () => client.workflow.getHandle(workflowId('complaint', id)).query(complaintQuery));
  } catch {
    return null;
  }
}
