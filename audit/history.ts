import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { EngineAway } from '../engine/failure.js';
import { grpcStatus, statusIn } from '../engine/grpc.js';
import { workflowId } from '../engine/ids.js';
import type { Database } from '../prisma/database.js';
import { storedHistory } from '../prisma/histories.js';
import type { Subject } from '../prisma/subject.js';

/** Where histories are read from: the engine while it keeps them, the stored export after. */
export interface Histories {
  /** the runs of a workflow, first run first; null when neither engine nor record has it */
  runs(subject: Subject, id: string): Promise<History[] | null>;
  /** Temporal's own JSON form of all runs, oldest event first */
  json(subject: Subject, id: string): Promise<{ events: unknown[] } | null>;
}

export function createHistories({ client, database }: { client: Client; database: Database }): Histories {
  async function runs(subject: Subject, id: string): Promise<History[] | null> {
    try {
      return (await fromEngine(client, workflowId(subject, id))) ?? (await fromRecord(database, subject, id));
    } catch (error) {
      const stored = error instanceof EngineAway ? await fromRecord(database, subject, id) : null;
      if (stored === null) throw error;
      return stored;
    }
  }
  return {
    runs,
    async json(subject, id) {
      const found = await runs(subject, id);
      return found && { events: found.flatMap((run) => eventsOf(run)) };
    },
  };
}

/** The events of one run in Temporal's JSON form. */
export function eventsOf(run: History): unknown[] {
  const json: unknown = JSON.parse(historyToJSON(run));
  return typeof json === 'object' && json !== null && 'events' in json && Array.isArray(json.events) ? json.events : [];
}

/** How long the engine may take for one run: a caller waits no longer than for a command. */
const ANSWER_MS = 10_000;

/** From the last run back to the first: each names the one before it. */
async function fromEngine(client: Client, id: string): Promise<History[] | null> {
  const found: History[] = [];
  let run: string | undefined;
  for (;;) {
    let history: History;
    try {
      history = await client.withDeadline(Date.now() + ANSWER_MS, () => client.workflow.getHandle(id, run).fetchHistory());
    } catch (error) {
      const status = statusIn(error);
      if (error instanceof WorkflowNotFoundError || status === grpcStatus.notFound) return null;
      if (status === null) throw error;
      throw new EngineAway('no history came', { cause: error });
    }
    found.unshift(history);
    const before = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (!before) return found;
    run = before;
  }
}

async function fromRecord(database: Database, subject: Subject, id: string): Promise<History[] | null> {
  const json = await storedHistory(database, subject, id);
  return json === null ? null : runsOf(JSON.parse(json));
}

/** Cuts a history in JSON form into its runs: each begins with the workflow's start. */
export function runsOf(json: unknown): History[] {
  const events =
    typeof json === 'object' && json !== null && 'events' in json && Array.isArray(json.events) ? (json.events as unknown[]) : [];
  const cut: unknown[][] = [];
  for (const event of events) {
    const starts = typeof event === 'object' && event !== null && 'workflowExecutionStartedEventAttributes' in event;
    const current = cut.at(-1);
    if (starts || !current) cut.push([event]);
    else current.push(event);
  }
  return cut.map((run) => historyFromJSON({ events: run }));
}
