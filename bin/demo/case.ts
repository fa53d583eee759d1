import { setTimeout as wait } from 'node:timers/promises';
import { TrackingView } from '../../api/tracking/view.js';
import { ComplaintView } from '../../api/complaints/shape.js';
import { z } from 'zod';
import { Unexpected, type Http, type Problem } from './http.js';
import type { Agent, Caller } from './people.js';

/** One complaint on the stage, and what everybody does with it. */
export interface Case {
  readonly id: string;
  /** the agent who has it in hand */
  readonly agent: Agent;
  /** as it was filed */
  readonly filed: ComplaintView;
  read(as?: Caller): Promise<ComplaintView>;
  /** a command of case.md, by its name in the URL */
  does(as: Caller, command: string, body?: object): Promise<ComplaintView>;
  /** the same, which must be refused */
  refused(as: Caller, command: string, body: object, code: string): Promise<Problem>;
  /** the signal, which only says that it was taken */
  escalates(as: Caller, body: { reason: string; to?: number }): Promise<void>;
  /** what the customer does on the tracking page */
  customer(what: 'messages' | 'follow-up' | 'escalations' | 'withdraw', body: object): Promise<TrackingView>;
  /** waits until the case stands so. Throws `Unexpected` when it does not in time */
  until(stands: (now: ComplaintView) => boolean, what: string, seconds?: number): Promise<ComplaintView>;
}

const LOOK_MS = 300;

export function createCase(http: Http, filed: ComplaintView, agent: Agent): Case {
  const { id } = filed;
  const path = `/v1/complaints/${id}`;
  const read = (as: Caller = agent): Promise<ComplaintView> => http.ask({ as, path, shape: ComplaintView });
  return {
    id,
    agent,
    filed,
    read,
    does: (as, command, body = {}) => http.ask({ as, path: `${path}/${command}`, body, shape: ComplaintView }),
    refused: (as, command, body, code) => http.refused({ as, path: `${path}/${command}`, body }, code),
    async escalates(as, body) {
      await http.ask({ as, path: `${path}/escalations`, body, status: 202, shape: z.looseObject({ complaint: z.literal(id) }) });
    },
    customer(what, body) {
      if (filed.trackingCode === null) throw new Unexpected(`${path}: the answer to its filing has no tracking code`);
      return http.ask({
        as: null, path: `/v1/track/${filed.trackingCode}/${what}`, body, status: what === 'escalations' ? 202 : 200, shape: TrackingView,
      });
    },
    async until(stands, what, seconds = 60) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const now = await read();
        if (stands(now)) return now;
        if (Date.now() > end) throw new Unexpected(`${path}: waited ${seconds} s in vain until ${what}`);
        await wait(LOOK_MS);
      }
    },
  };
}

/** Throws `Unexpected` where something on a case is not so. */
export function expect(holds: boolean, { id }: { id: string }, what: string): void {
  if (!holds) throw new Unexpected(`/v1/complaints/${id}: expected that ${what}`);
}
