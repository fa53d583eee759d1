import { readFileSync } from 'node:fs';
import { filing, type Body, type Town, type Told } from './given.js';

/** What may be away; the columns of the table in docs/errors.md, in its order. */
export const things = ['database', 'engine', 'worker'] as const;
export type Thing = (typeof things)[number];

/** How a door answers: one of these statuses, 503 with one of these codes, within so many seconds. */
export interface Contract {
  answers: { status: number; code: string | null }[];
  seconds: number;
}

/** What the doors are asked about. */
export interface Subject {
  open: string;
  closed: string;
  investigation: string;
  tracking: string;
  /** marks the requests of one outage; it is part of their Idempotency-Keys, so that they may be repeated */
  outage: string;
}

type Asked = [who: string | null, method: string, path: string, body?: Body];

/** Each row of the table as requests. */
const requests: Record<string, (subject: Subject) => Asked[]> = {
  '`GET /livez`, `GET /openapi.json`': () => [[null, 'GET', '/livez'], [null, 'GET', '/openapi.json']],
  '`GET /readyz`': () => [[null, 'GET', '/readyz']],
  'no token, or a bad one': () => [[null, 'GET', '/v1/complaints'], ['nonsense', 'GET', '/v1/complaints']],
  'any, with an API key': () => [['web', 'GET', '/v1/complaints']],
  '`POST /v1/complaints`': () => [['ann', 'POST', '/v1/complaints', filing()]],
  '`POST /v1/complaints/{id}/{command}`': ({ open }) => [['ann', 'POST', `${open}/note`, { text: 'n' }], ['ann', 'POST', `${open}/answer`, { message: 'sorry' }]],
  '`POST /v1/complaints/{id}/escalations`': ({ open }) => [['sue', 'POST', `${open}/escalations`, { reason: 'now', to: 2 }]],
  '`GET /v1/complaints/{id}`, `GET /v1/complaints`, `…/timeline`': ({ open, closed }) => [
    ['ann', 'GET', open], ['ann', 'GET', closed], ['ann', 'GET', '/v1/complaints'], ['aud', 'GET', `${open}/timeline`]],
  '`…/history`, `POST …/replay` of an open case': ({ open }) => [['aud', 'GET', `${open}/history`], ['aud', 'POST', `${open}/replay`]],
  '`…/history`, `POST …/replay` of a case closed for good': ({ closed }) => [['aud', 'GET', `${closed}/history`], ['aud', 'POST', `${closed}/replay`]],
  '`GET /v1/track/{code}`': ({ tracking }) => [[null, 'GET', `/v1/track/${tracking}`]],
  '`POST /v1/track/{code}/messages`': ({ tracking }) => [[null, 'POST', `/v1/track/${tracking}/messages`, { text: 'are you there' }]],
  '`POST /v1/track/{code}/escalations`': ({ tracking }) => [[null, 'POST', `/v1/track/${tracking}/escalations`, { reason: 'nobody answers' }]],
  '`POST /v1/investigations`': () => [['quinn', 'POST', '/v1/investigations', { title: 'broken parcels' }]],
  '`POST /v1/investigations/{id}/causes` and the like': ({ investigation }) => [['quinn', 'POST', `${investigation}/causes`, { category: 'method', text: 'c' }]],
  '`GET /v1/investigations/{id}`': ({ investigation }) => [['quinn', 'GET', investigation]],
  '`GET /v1/policies/current`': () => [['ann', 'GET', '/v1/policies/current']],
  '`POST /v1/policies`': ({ outage }) => [['adm', 'POST', '/v1/policies', { name: `p-${outage}`, tiers: { general: {}, serious: {}, urgent: {} } }]],
  '`GET /v1/taxonomies`, kept for 5 s': () => [['ann', 'GET', '/v1/taxonomies']],
  '`POST /v1/sla/simulate` by somebody seen before': () => [
    ['ann', 'POST', '/v1/sla/simulate', { calendar: null, start: '2026-01-01T00:00:00.000Z', budgetSeconds: 60, warnAt: [50], log: [], now: '2026-01-01T00:00:30.000Z' }]],
};

/** A request that was made, and how to make it again under the same key. */
export interface Knock {
  door: string;
  contract: Contract;
  path: string;
  answer: Told;
  again: () => Promise<Told>;
}

/** Knocks at every door at once. */
export async function knock(town: Pick<Town, 'call'>, thing: Thing, subject: Subject): Promise<Knock[]> {
  const knocks = contracts().flatMap(([door, byThing]) => {
    const asked = requests[door];
    if (!asked) throw new Error(`docs/errors.md has a door that nobody knocks at: ${door}`);
    return asked(subject).map(async ([who, method, path, body], i) => {
      const key = { 'Idempotency-Key': `${subject.outage}-${String(i)}` };
      const again = () => town.call(who, method, path, body, method === 'POST' ? key : {});
      return { door, contract: byThing[thing], path, answer: await again(), again };
    });
  });
  return Promise.all(knocks);
}

/** The table of docs/errors.md. */
function contracts(): [door: string, Record<Thing, Contract>][] {
  const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('## While something is away\n');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| ')).slice(1);
  return rows.map((row) => {
    const [door = '', ...cells] = row.slice(2, -2).split(' | ');
    return [door, Object.fromEntries(things.map((thing, i) => [thing, contractOf(cells[i] ?? '')])) as Record<Thing, Contract>];
  });
}

/** `503 \`outcome-unknown\` or \`engine-away\`, 15 s` */
function contractOf(cell: string): Contract {
  const [answers = '', time = ''] = cell.split(', ');
  let status = 0;
  return {
    seconds: Number.parseInt(time, 10),
    answers: answers.split(' or ').map((answer) => {
      status = Number(/\d{3}/.exec(answer)?.[0] ?? status);
      return { status, code: /`(.+)`/.exec(answer)?.[1] ?? null };
    }),
  };
}
