import { z } from 'zod';
import { ComplaintView } from '../../api/complaints/shape.js';
import type { Http } from './http.js';
import type { Ending, Stage } from './path.js';
import { reasonOf, type Played } from './drive.js';
import { inTurn } from './progress.js';

/** A complaint as it stands at the end. */
export interface Ended extends Played {
  view: ComplaintView | null;
}

const Page = z.object({ items: z.array(ComplaintView), next: z.string().nullable() });
const Timeline = z.object({ items: z.array(z.object({ seq: z.int() })), next: z.string().nullable() });
const LANES = 4;

/** Reads every case again, as an auditor does, and holds it against the end of its path and its own timeline. */
export async function checked(played: readonly Played[], { http }: Stage): Promise<Ended[]> {
  const ended = new Map<Played, Ended>();
  await inTurn(played, LANES, async (one) => {
    ended.set(one, { ...one, ...(await standing(one, http)) });
  });
  return played.flatMap((one) => ended.get(one) ?? []);
}

async function standing({ one, path, failure }: Played, http: Http): Promise<Pick<Ended, 'view' | 'failure'>> {
  if (!one) return { view: null, failure };
  try {
    const view = await one.read('aud');
    if (failure !== null) return { view, failure };
    const wrong = [...deviations(view, path.ends), ...(await gaps(http, view))];
    return { view, failure: wrong.length === 0 ? null : `/v1/complaints/${view.id}: ${wrong.join('; ')}` };
  } catch (error) {
    return { view: null, failure: failure ?? reasonOf(error) };
  }
}

/** What of an ending does not hold, as sentences. */
export function deviations(view: ComplaintView, ends: Ending): string[] {
  const { tracks, clocks, escalations } = view;
  const compared: [string, string | number, string | number | undefined][] = [
    ['status', view.status, ends.status],
    ['customer', tracks.customer, ends.customer],
    ['responsibility', tracks.responsibility, ends.responsibility],
    ['cause', tracks.cause, ends.cause],
    ['cycle', view.cycle, ends.cycle],
  ];
  const wrong = compared.flatMap(([what, is, expected]) => (expected === undefined || is === expected ? [] : [`${what} is ${is}, expected ${expected}`]));
  const { breached, raisedBy, rung } = ends;
  if (breached && !clocks.some(({ name, breachedAt }) => name === breached && breachedAt !== null)) wrong.push(`no ${breached} clock is breached`);
  if (raisedBy && !escalations.some(({ cause }) => cause === raisedBy)) wrong.push(`no escalation by ${raisedBy}`);
  if (rung !== undefined && view.rung < rung) wrong.push(`rung is ${view.rung}, expected ${rung}`);
  return wrong;
}

/** `seq` runs without a gap from 1 to the version, or beyond where the case has gone on meanwhile. */
async function gaps(http: Http, { id, version }: ComplaintView): Promise<string[]> {
  const { items, next } = await http.ask({ as: 'aud', path: `/v1/complaints/${id}/timeline?limit=200`, shape: Timeline });
  if (next === null && items.length < version) return [`the timeline has ${items.length} events, expected ${version}`];
  return items.every(({ seq }, i) => seq === i + 1) ? [] : ['the timeline has a gap'];
}

/**
 * Holds the list of complaints, which is read from Postgres, against the cases as their workflows tell them: each is there, under the
 * policy it was filed under, with the same headline. Answers what is not so.
 */
export async function listed(ended: readonly Ended[], { http, policy }: Stage, since: string): Promise<string[]> {
  const found = new Map<string, ComplaintView>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<typeof Page> = await http.ask({ as: 'sue', path: `/v1/complaints?from=${since}&limit=200${more}`, shape: Page });
    for (const one of page.items) found.set(one.id, one);
    cursor = page.next;
  }
  return ended.flatMap(({ view, path }) => {
    if (!view) return [];
    const row = found.get(view.id);
    if (!row) return [`/v1/complaints/${view.id} is not in the list`];
    const wanted = path.filedBy ? 'default' : policy.name;
    if (row.policy.name !== wanted) return [`/v1/complaints/${view.id}: the policy is ${row.policy.name}, expected ${wanted}`];
    return row.status === view.status ? [] : [`/v1/complaints/${view.id}: the list says ${row.status}, the case ${view.status}`];
  });
}
