import type { Client } from '@temporalio/client';
import { isId, type Subject } from '../prisma/subject.js';
import { OutcomeUnknown } from './failure.js';
import { workflowId } from './ids.js';

/** What the engine lists as running. Its list lags a little behind: who is missing is asked for by name before anything is said of them. */
export interface Visibility {
  /** which of these run: one call for all of them */
  running(subject: Subject, ids: readonly string[]): Promise<Set<string>>;
  /** all that run, page by page */
  pages(subject: Subject, size: number): AsyncGenerator<string[]>;
}

/** How long a page may take. */
const PAGE_MS = 10_000;

export function createVisibility(client: Client): Visibility {
  const namespace = client.options.namespace;
  const list = async (query: string, pageSize: number, nextPageToken: Uint8Array) => {
    try {
      return await client.withDeadline(Date.now() + PAGE_MS, () =>
        client.workflowService.listWorkflowExecutions({ namespace, query, pageSize, nextPageToken }));
    } catch (error) {
      throw new OutcomeUnknown('The engine did not list in time.', { cause: error });
    }
  };

  async function* listed(subject: Subject, query: string, size: number): AsyncGenerator<string[]> {
    let token = new Uint8Array();
    do {
      const { executions, nextPageToken } = await list(query, size, token);
      yield executions.flatMap(({ execution }) => idOf(subject, execution?.workflowId));
      token = Uint8Array.from(nextPageToken);
    } while (token.length > 0);
  }

  return {
    async running(subject, ids) {
      const found = new Set<string>();
      if (ids.length === 0) return found;
      const names = ids.map((id) => `'${workflowId(subject, id)}'`).join(', ');
      for await (const page of listed(subject, `ExecutionStatus = 'Running' AND WorkflowId IN (${names})`, ids.length)) for (const id of page) found.add(id);
      return found;
    },
    pages: (subject, size) => listed(subject, `ExecutionStatus = 'Running' AND WorkflowType = '${subject}'`, size),
  };
}

/** The id in a workflow's id; nothing for one that Threefold has not started. */
function idOf(subject: Subject, workflow: string | null | undefined): string[] {
  const id = workflow?.startsWith(`${subject}-`) ? workflow.slice(subject.length + 1) : '';
  return isId(id) ? [id] : [];
}
