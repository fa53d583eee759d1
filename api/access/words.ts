import type { Complaint } from '../../domain/complaint/state.js';
import type { Special } from '../../domain/complaint/terms.js';
import type { Role, WordsRef } from '../../domain/event.js';
import type { Caller } from '../http/caller.js';

/** The words behind a reference; null where the reader may not have them, or they are gone. */
export type Say = (ref: WordsRef | null) => string | null;

/**
 * How much of a case's words a caller may read (spec: api, general): `all`; `filed`, what a channel filed and what the customer was
 * told; `requests`, what a department was asked; `none`.
 */
export type Hearing = { hears: 'all' | 'filed' | 'none' } | { hears: 'requests'; department: string };

/** Who reads the words of every case and investigation. */
export const readers: readonly Role[] = ['agent', 'supervisor', 'quality', 'auditor'];
/** Who speaks with the customer. The tracking code acts in the customer's name, so an auditor does not get it. */
const speakers: readonly Role[] = ['agent', 'supervisor', 'quality'];

/** How far a caller reaches into a case. What they are shown of it depends on nothing else of them. */
export interface Reach {
  hearing: Hearing;
  /** whether they are told the tracking code, which acts in the customer's name */
  tracks: boolean;
}

export function reachOf(caller: Caller, filedBy: string): Reach {
  return { hearing: hearingOf(caller, filedBy), tracks: isFiler(caller, filedBy) || caller.roles.some((role) => speakers.includes(role)) };
}

export function hearingOf(caller: Caller, filedBy: string): Hearing {
  if (caller.roles.some((role) => readers.includes(role))) return { hears: 'all' };
  if (isFiler(caller, filedBy)) return { hears: 'filed' };
  if (caller.roles.includes('department') && caller.department !== null) return { hears: 'requests', department: caller.department };
  return { hears: 'none' };
}

function isFiler({ roles, sub }: Caller, filedBy: string): boolean {
  return roles.includes('channel') && sub === filedBy;
}

/** What a case is known for, without what a number that it was filed under would tell of whoever has it. */
export function untold(special: readonly Special[]): Special[] {
  return special.filter((one) => one !== 'key_customer');
}

/** The references of a case that such a reader may open. */
export function openTo(hearing: Hearing, state: Complaint): (WordsRef | null)[] {
  switch (hearing.hears) {
    case 'all':
      return allOf(state);
    case 'filed':
      return [state.text, state.demand, state.solution];
    case 'requests':
      return state.requests.filter((request) => request.department === hearing.department).flatMap(({ text, plan }) => [text, plan]);
    case 'none':
      return [];
  }
}

function allOf({ text, demand, solution, requests, escalations, responsibility }: Complaint): (WordsRef | null)[] {
  return [
    text, demand, solution,
    ...requests.flatMap((request) => [request.text, request.plan]),
    ...escalations.map((escalation) => escalation.reason),
    ...(responsibility ? [
      responsibility.note, responsibility.decision?.handling ?? null, responsibility.decision?.note ?? null,
      ...responsibility.shares.map((share) => share.evidence?.text ?? null),
    ] : []),
  ];
}
