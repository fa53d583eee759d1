import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Escalate } from '../domain/complaint/command.js';
import type { Answer, Sent } from '../domain/event.js';
import type { Refusal } from '../domain/refusal.js';
import type { EventOf, Subject } from '../prisma/subject.js';
import { BEHIND, escalateSignal, REFUSAL } from '../workflows/messages.js';
import { CaseLost, OutcomeUnknown } from './failure.js';
import { grpcStatus, statusIn } from './grpc.js';
import { startOptions, workflowId, type Start } from './ids.js';

/** What an update came to. `absent`: no workflow of that id runs. */
export type Updated<S extends Subject> = { answer: Answer<EventOf<S>> } | { refusal: Refusal } | { absent: true };

/** The engine as Threefold speaks to it: one function for a start, an update and the signal, each one call. */
export interface Temporal {
  start(start: Start): Promise<void>;
  update<S extends Subject>(subject: S, id: string, sent: Sent<{ id: string; name: string }>): Promise<Updated<S>>;
  /** false when no workflow of that id runs */
  escalate(id: string, message: { command: Escalate; signature: string }): Promise<boolean>;
  /** whether the engine could not be reached just now: then nothing need be asked of it, nor be written down for it */
  isAway(): boolean;
  /** whether a workflow of that id has run and ended */
  hasEnded(subject: Subject, id: string): Promise<boolean>;
  /** how the engine has the workflow of that id: its status, `RUNNING` while it lives; null when it knows none */
  statusOf(subject: Subject, id: string): Promise<string | null>;
}

/** How long a caller waits for the engine's answer. */
const ANSWER_MS = 10_000;
/** For so long after a call that did not get through, the engine is taken to be away. */
const AWAY_MS = 2_000;

export function createTemporal(client: Client): Temporal {
  let awayUntil = 0;
  const unknown = (error: unknown): Error => {
    if (statusIn(error) === grpcStatus.unavailable) awayUntil = performance.now() + AWAY_MS;
    return new OutcomeUnknown('The engine did not answer in time.', { cause: error });
  };
  const within = <T>(ms: number, call: () => Promise<T>) => client.withDeadline(Date.now() + ms, call);
  const handle = (subject: Subject, id: string) => client.workflow.getHandle(workflowId(subject, id));

  async function statusOf(subject: Subject, id: string): Promise<string | null> {
    try {
      return (await within(ANSWER_MS, () => handle(subject, id).describe())).status.name;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw unknown(error);
    }
  }

  return {
    async start(start) {
      const { subject, input } = start;
      try {
        await within(ANSWER_MS, () => client.workflow.start(subject, { ...startOptions(start), args: [input] }));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw unknown(error);
      }
    },
    async update<S extends Subject>(subject: S, id: string, sent: Sent<{ id: string; name: string }>) {
      try {
        const answer = await within(ANSWER_MS, () =>
          handle(subject, id).executeUpdate<Answer<EventOf<S>>, [typeof sent]>(sent.command.name, {
            updateId: sent.command.id,
            args: [sent],
          }),
        );
        return { answer };
      } catch (error) {
        const told = toldBy(error);
        if (told) return told;
        throw unknown(error);
      }
    },
    async escalate(id, message) {
      try {
        await within(ANSWER_MS, () => handle('complaint', id).signal(escalateSignal, message));
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw unknown(error);
      }
    },
    isAway: () => performance.now() < awayUntil,
    async hasEnded(subject, id) {
      const status = await statusOf(subject, id);
      return status !== null && status !== 'RUNNING';
    },
    statusOf,
  };
}

/** What a failed update says of the case; null when it says nothing. */
function toldBy(error: unknown): { refusal: Refusal } | { absent: true } | null {
  if (error instanceof WorkflowNotFoundError) return { absent: true };
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const [refusal] = error.cause.details ?? [];
    if (error.cause.type === REFUSAL && isRefusal(refusal)) return { refusal };
    if (error.cause.type === BEHIND) throw new CaseLost('the record is ahead of the engine');
    // the update reached a run that ended before it was handled: it is asked of the next, or found ended
    if (error.cause.type === 'AcceptedUpdateCompletedWorkflow') return { absent: true };
  }
  return null;
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && 'kind' in value;
}
