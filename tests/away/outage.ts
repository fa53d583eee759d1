import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { knock, type Subject, type Thing } from './doors.js';
import { filing, listOf, until, type Body, type Town } from './given.js';

/** Seconds instead of hours; nobody answers, and the ladder goes to the top. */
const rehearsal = {
  name: 'rehearsal', warnAt: [50],
  tiers: { general: { response: 'PT8S', resolution: 'PT12S', rung: 0, top: 3 }, serious: {}, urgent: {} },
  clocks: { acknowledge: 'PT1H' },
  ladder: [{ clock: 'response', on: 'warning:50', raise: 1 }, { clock: 'response', on: 'breach', raise: 1 }, { clock: 'resolution', on: 'breach', raise: 1 }],
};

/** The way to the end that takes least: nobody is liable, and two supervisors waive level 3. */
const toClosed: [who: string, command: string, body: Body][] = [
  ['ann', 'resolve', { solution: 'a new parcel', agreed: true }], ['sue', 'follow-up', { satisfied: true }],
  ['quinn', 'attribute', { nature: 'force_majeure', shares: [], note: 'a flood' }], ['sue', 'decide', { upheld: true, handling: 'none', note: 'it was' }],
  ['sue', 'waive', { reason: 'floods do not improve' }], ['sam', 'approve-waiver', {}],
];

/** How long everything may take to be as before, once what was away is back. */
const BACK_MS = 60_000;

/** What the doors are asked about, before anything is away. */
export async function prepared(town: Town): Promise<Omit<Subject, 'outage' | 'open' | 'tracking'>> {
  await town.does('adm', '/v1/policies', rehearsal, 201);
  const closed = await town.filed();
  for (const [who, command, body] of toClosed) await town.does(who, `${closed}/${command}`, body);
  await town.stored(closed);
  const { id } = await town.does('quinn', '/v1/investigations', { title: 'broken parcels' }, 201);
  return { closed, investigation: `/v1/investigations/${String(id)}` };
}

/**
 * One outage from its beginning to its end: every door answers as docs/errors.md says; afterwards everything goes on by itself, what
 * was asked for meanwhile is done once, and what fell due meanwhile carries its own instant.
 */
export async function suffer(
  town: Town, thing: Thing, way: string, { closed, investigation }: Pick<Subject, 'closed' | 'investigation'>,
  outage: { begins: (town: Town) => void | Promise<void>; ends: (town: Town) => void | Promise<void> },
): Promise<void> {
  const open = await town.filed();
  const { told: { trackingCode } } = await town.call('ann', 'GET', open);
  const due = await town.filed({ policy: 'rehearsal' });
  const subject: Subject = { open, closed, investigation, tracking: String(trackingCode), outage: `${thing}-${way.replace(/\W/g, '-')}` };

  const caught = await burst(town, thing, way);
  await outage.begins(town);
  const knocks = await knock(town, thing, subject);
  await outage.ends(town);
  await caught.isDoneOnce();
  const told = (one: (typeof knocks)[number]): object => ({ path: one.path, status: one.answer.status, code: one.answer.told['code'] ?? null, seconds: Math.round(one.answer.ms / 100) / 10 });
  const broken = knocks.filter((one) => !kept(one));
  expect(broken.map((one) => ({ ...told(one), contract: one.contract }))).toEqual([]);

  const before = Date.now();
  const posted = knocks.filter(({ path, answer }) => answer.status === 503 && path !== '/readyz');
  await Promise.all(posted.map(async ({ path, again }) => {
    await until(async () => (await again()).status < 300, `${path} after ${way}`, BACK_MS);
  }));
  await until(async () => (await town.call(null, 'GET', '/readyz')).told['status'] === 'ready', 'readiness', BACK_MS);
  console.log(`${thing} ${way}: slowest answer ${String(Math.max(...knocks.map(({ answer }) => answer.ms)))} ms, all as before after ${String(Date.now() - before)} ms`);

  await doneOnce(town, open);
  await onTime(town, due);
}

/** Commands and filings that are on their way when something goes away: each is answered in time, and is done once however that was. */
async function burst(town: Town, thing: Thing, way: string): Promise<{ isDoneOnce: () => Promise<void> }> {
  const path = await town.filed();
  const filings = Array.from({ length: BURST }, filing);
  const key = (i: number): Record<string, string> => ({ 'Idempotency-Key': `burst-${thing}-${way.replace(/\W/g, '-')}-${String(i)}` });
  const asks = [
    ...filings.map((_, i) => () => town.call('ann', 'POST', `${path}/note`, { text: `note ${String(i)}` }, key(i))),
    ...filings.map((body, i) => () => town.call('ann', 'POST', '/v1/complaints', body, key(i))),
  ];
  const first = asks.map((ask, i) => pause((i % BURST) * 10).then(ask));
  await pause(BURST * 5);
  return {
    async isDoneOnce() {
      const answers = await Promise.all(first);
      for (const { status, told, ms } of answers) {
        expect([200, 201, 503], JSON.stringify(told)).toContain(status);
        expect(ms).toBeLessThanOrEqual(20_000);
      }
      console.log(`${thing} ${way}: of ${String(asks.length)} on their way ${String(answers.filter(({ status }) => status < 300).length)} were answered, the last after ${String(Math.max(...answers.map(({ ms }) => ms)))} ms`);
      const again = await Promise.all(asks.map((ask, i) => until(async () => {
        const answer = await ask();
        return answer.status < 300 ? answer : null;
      }, `request ${String(i)} after ${way}`, BACK_MS)));
      for (const [i, { status, told }] of answers.entries()) if (status < 300) expect(again[i]?.told['version']).toBe(told['version']);
      const types = (await town.course(path)).map(({ type }) => type);
      expect(types.sort()).toEqual(['accepted', ...filings.map(() => 'noted'), 'received']);
      expect(await town.filedBy(filings)).toEqual(filings.map(() => 1));
    },
  };
}

const BURST = 12;

function kept({ contract, answer }: Awaited<ReturnType<typeof knock>>[number]): boolean {
  const { status, told, ms, headers } = answer;
  const expected = contract.answers.some((one) => one.status === status && (one.code === null || one.code === told['code']));
  return expected && ms <= contract.seconds * 1000 && (status !== 503 || Number(headers.get('Retry-After')) > 0);
}

/** What every open case was asked for, each once, and nothing else. */
async function doneOnce(town: Town, path: string): Promise<void> {
  const asked = ['accepted', 'answered', 'escalated', 'escalated', 'heard', 'noted', 'received'];
  // of the supervisor's signal and the customer's, the one that comes second may find the case raised already
  const types = async (): Promise<unknown[]> => (await town.course(path)).map(({ type }) => (type === 'escalation_refused' ? 'escalated' : type));
  await until(async () => (await types()).length >= asked.length, `what ${path} was asked for`, BACK_MS);
  expect((await types()).sort()).toEqual(asked);
}

/** Every deadline of the rehearsal, in order, at its own instant. */
async function onTime(town: Town, path: string): Promise<void> {
  const course = await until(async () => {
    const events = await town.course(path);
    return events.filter(({ type }) => type === 'escalated').length === 3 ? events : null;
  }, `the deadlines of ${path}`, BACK_MS);
  const receivedAt = Date.parse(String((await town.call('ann', 'GET', path)).told['receivedAt']));
  const after = (event: Body): number => Date.parse(String(event['at'])) - receivedAt;
  expect(course.slice(2).map((event) => [event['type'], after(event)])).toEqual([
    ['clock_warned', 4_000], ['escalated', 4_000], ['clock_warned', 6_000], ['clock_breached', 8_000], ['escalated', 8_000],
    ['clock_breached', 12_000], ['escalated', 12_000],
  ]);
  const { told } = await town.call('ann', 'GET', path);
  expect(listOf(told, 'clocks').filter(({ state }) => state === 'breached').map(({ name }) => name).sort()).toEqual(['resolution', 'response']);
}
