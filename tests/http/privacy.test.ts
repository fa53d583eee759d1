import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { liveState } from '../harness/live.js';
import { freshFolder } from '../harness/threefold.js';
import { idOf, listOf, startSite, until, type Body, type Site } from './given.js';
import { startEngine, type OwnEngine } from './ownEngine.js';
import { everyTable, found, payloads, type Place } from './search.js';

/** Each word of a person gets a mark of its own, so that a find says which it was. */
const marks: string[] = [];
function mark(what: string): string {
  const one = `Zq${what}${Math.random().toString(36).slice(2, 10)}xW`;
  marks.push(one);
  return one;
}
const words = (what: string) => `${mark(what)} 客户的话`;
function number(lead: string): string {
  const digits = Array.from({ length: 11 }, () => String(Math.floor(Math.random() * 9) + 1)).join('');
  marks.push(digits);
  return lead + digits;
}

/** Spec: evidence, personal data: "file complaints with marked names, numbers and texts through every channel, run them to the end, then search". */
describe('no personal word and no free text', () => {
  let engine: OwnEngine;
  let site: Site;
  let logged = '';
  const cases: string[] = [];
  let investigation: string;
  let closedCodes: string[] = [];

  beforeAll(async () => {
    engine = await startEngine(join(freshFolder(), 'temporal.db'));
    const log = pino({ level: 'trace' }, new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged += chunk.toString();
        done();
      },
    }));
    // people whose `sub` is an address or a number are known by a random id
    const subs = { ann: `${mark('Ann')}@example.org`, lou: `${mark('Lou')}@example.org`, sue: number('+') };
    site = await startSite({ place: engine.place, log, subs });
    await run();
  }, 180_000);
  afterAll(async () => {
    await site.stop();
    await engine.kill();
  });

  async function does(who: string | null, path: string, body: Body = {}, status = 200): Promise<Body> {
    const answer = await site.call(who, 'POST', path, body, { 'Idempotency-Key': mark('Key'), 'User-Agent': mark('Agent') });
    expect({ path, status: answer.status, told: answer.status === status ? null : answer.told }).toEqual({ path, status, told: null });
    return answer.told;
  }

  async function file(who: string, channel: string, customer: Body): Promise<{ path: string; code: string }> {
    const filed = await does(who, '/v1/complaints', {
      channel, text: words('Text'), customer: { name: mark('Name'), ...customer }, type: 'logistics', flags: { severe: true }, emotion: 3,
      demand: { stated: words('Stated'), core: words('Core'), expected: words('Expected') },
    }, 201);
    const path = `/v1/complaints/${String(filed['id'])}`;
    const code = String(filed['trackingCode']);
    cases.push(path);
    marks.push(code);
    await until(() => liveState(site.parts, idOf(path)), 'the start');
    return { path, code };
  }

  const shares = (who: string) => [
    { department: 'logistics', person: who, percent: 60, conduct: 'self_found', evidence: { text: words('Evidence'), at: '2026-01-01T00:00:00Z' } },
    { department: 'production', percent: 40, conduct: 'ignored' },
  ];

  /** By telephone, through all three levels. */
  async function byPhone(): Promise<void> {
    const { path, code } = await file('ann', 'phone', { phone: number('+86 '), address: words('Address') });
    const ann = String((await site.call('ann', 'GET', path)).told['owner']);
    const lou = listOf(await does('ann', `${path}/dispatch`, { department: 'logistics', request: words('Request') }), 'requests').length;
    expect(lou).toBe(1);
    await does('lou', `${path}/return`, { request: 'r1', reason: words('Return') });
    await does('sue', `${path}/dispatch`, { department: 'logistics', request: words('Request') });
    await does('lou', `${path}/plan`, { request: 'r2', plan: words('Plan') });
    await does('sue', `${path}/assign`, { assignee: ann, reason: words('Assign') });
    await does('ann', `${path}/classify`, { region: '东北', demand: { stated: words('Stated') }, reason: words('Classify') });
    await does('ann', `${path}/answer`, { message: words('Message'), parts: { apology: words('Apology'), cause: words('Why'), remedy: words('Remedy'), prevention: words('Prevention') } });
    await does('ann', `${path}/pause`, { reason: 'customer_information', note: words('Pause') });
    await does('ann', `${path}/hear`, { text: words('Heard') });
    await does('sue', `${path}/escalations`, { reason: words('Escalate') }, 202);
    await does(null, `/v1/track/${code}/escalations`, { reason: words('Cry') }, 202);
    await does('bob', `${path}/note`, { text: words('Note') });
    await does('ann', `${path}/resolve`, { solution: words('Solution'), message: words('Told'), agreed: false, reason: words('Disagreed'), cost: 12.5 });
    await does(null, `/v1/track/${code}/follow-up`, { satisfied: false, score: 1, comment: words('Comment') });
    await does('ann', `${path}/resolve`, { solution: words('Solution'), agreed: true });
    await does(null, `/v1/track/${code}/withdraw`, { reason: words('Withdraw') });
    expect((await site.call(null, 'DELETE', `/v1/track/${code}/withdraw`)).status).toBe(200);
    await does('ann', `${path}/resolve`, { solution: words('Solution'), agreed: true });
    await does('bob', `${path}/follow-up`, { satisfied: true, comment: words('Comment') });
    await does('quinn', `${path}/attribute`, { nature: 'process', shares: shares('pat'), note: words('Attribute') });
    await does('lou', `${path}/agree`, { reason: words('Agree') });
    await does('pat', `${path}/contest`, { reason: words('Contest') });
    await does('eve', `${path}/decide`, { upheld: false, nature: 'duty', shares: shares('pat'), handling: words('Handling'), note: words('Decide') });
    investigation = String((await does('quinn', `${path}/investigate`, { title: words('Title') }))['investigation']);
    const at = `/v1/investigations/${investigation}`;
    await until(async () => ((await site.call('quinn', 'GET', at)).told['complaints'] as unknown[] | undefined)?.length === 1, 'the link');
    await does('sue', `${path}/waive`, { reason: words('Waive') });
    await does('sam', `${path}/refuse-waiver`, { reason: words('RefuseWaiver') });
    await does('quinn', `${at}/causes`, { category: 'method', text: words('Cause'), whys: [words('Whys'), words('Whys')] });
    await does('quinn', `${at}/causes/c1/whys`, { text: words('Whys') });
    await does('quinn', `${at}/causes/c1/finding`, { root: true, note: words('Finding') });
    await does('quinn', `${at}/measures`, {
      cause: 'c1', text: words('Measure'), owner: 'pat', dueAt: '2030-01-01T00:00:00Z', observeDays: 0,
      goal: { metric: words('Metric'), baseline: 9, target: 1, direction: 'down' },
    });
    await does('pat', `${at}/measures/m1/done`, { note: words('Done') });
    await does('pat', `${at}/measures/m1/readings`, { value: 1 });
    await does('qi', `${at}/measures/m1/verdict`, { effective: true, note: words('Verdict') });
    await does('quinn', `${at}/conclude`);
  }

  /** By web form and tracking page, to a final answer and a waiver. */
  async function byWeb(): Promise<void> {
    const { path, code } = await file('web', 'web', { email: `${mark('Mail')}@example.com`, handle: mark('Handle'), key: mark('CrmKey') });
    await does('bob', `${path}/accept`, { note: words('Accept') });
    await does(null, `/v1/track/${code}/messages`, { text: words('Tracked') });
    for (let cycle = 1; cycle < 3; cycle += 1) {
      await does('bob', `${path}/resolve`, { solution: words('Solution'), agreed: true });
      await does(null, `/v1/track/${code}/follow-up`, { satisfied: false, comment: words('Comment') });
    }
    await does('sam', `${path}/finalize`, { message: words('Final'), parts: { apology: words('Apology') }, externalRoute: words('Route') });
    await does('quinn', `${path}/attribute`, { nature: 'customer', shares: [], note: words('Attribute') });
    await does('sam', `${path}/decide`, { upheld: true, handling: words('Handling'), note: words('Decide') });
    await does('sue', `${path}/waive`, { reason: words('Waive') });
    await does('sam', `${path}/approve-waiver`);
    closedCodes = [code];
  }

  /** What is refused, in every way there is, and what comes after the close. */
  async function refusedAndAfter(): Promise<void> {
    const [phone, web] = cases as [string, string];
    await does('ann', `${web}/answer`, { message: words('Refused') }, 409);
    await does('ann', '/v1/complaints', { channel: 'phone', text: words('Refused'), customer: { key: mark('CrmKey') }, type: mark('Code') }, 422);
    await does('ann', '/v1/complaints', { channel: 'phone', text: words('Refused'), customer: { [mark('Field')]: 1 } }, 422);
    await does('aud', `${phone}/note`, { text: words('Refused') }, 403);
    await site.call('ann', 'POST', `${phone}/note`, `{"text":"${mark('Malformed')}`);
    await site.call('ann', 'GET', `/v1/complaints?q=${mark('Query')}&owner=${mark('Query')}`);
    await site.call(null, 'GET', `/v1/track/${mark('WrongCode')}`);
    await fetch(`${site.url()}/v1/complaints`, { headers: { Authorization: `Bearer ${mark('Bearer')}` } });
    for (const code of closedCodes) await does(null, `/v1/track/${code}/messages`, { text: words('AfterClose') }, 201);
  }

  async function run(): Promise<void> {
    await byPhone();
    await byWeb();
    for (const path of cases) await until(async () => (await site.call('bob', 'GET', path)).told['status'] === 'closed', 'the close');
    await refusedAndAfter();
    await until(async () => (await site.parts.database.client.history.count({ where: { id: { in: cases.map(idOf) } } })) === 2, 'the stored histories');
    await until(async () => (await site.parts.database.client.intent.count({ where: { state: 'open' } })) === 0, 'every intent to be done');
  }

  function nowhere(places: Place[]): void {
    const finds = marks.map((one) => [one, found(places, one)] as const).filter(([, where]) => where.length > 0);
    expect(finds).toEqual([]);
  }

  const files = () => {
    const folder = dirname(engine.log);
    return readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  };

  it('stands in the engine’s files, its write-ahead log and its own log: not one mark of many, and the same search finds each case', () => {
    expect(marks.length).toBeGreaterThan(100);
    const places = files();
    expect(places.map(({ name }) => name)).toEqual(expect.arrayContaining(['temporal.db', 'temporal.db-wal', 'temporal.log']));
    nowhere(places);
    for (const one of [...cases.map(idOf), investigation]) expect(found(places, one)).not.toEqual([]);
  });

  it('stands in a payload of any history, nor in the history itself', async () => {
    const places: Place[] = [];
    for await (const { workflowId, runId } of site.parts.client.workflow.list()) {
      const [subject, id] = [workflowId.startsWith('complaint') ? 'complaint' as const : 'investigation' as const, workflowId.replace(/^[a-z]+-/, '')];
      const json = await site.parts.histories.json(subject, id);
      places.push({ name: workflowId, bytes: Buffer.concat([Buffer.from(JSON.stringify(json)), payloads(json), Buffer.from(runId)]) });
    }
    // two cases, what came after the close, and the investigation
    expect(places).toHaveLength(4);
    nowhere(places);
    for (const one of [...cases.map(idOf), investigation]) expect(found(places, one)).not.toEqual([]);
  });

  it('stands in any table of Postgres, a stored history unpacked among them', async () => {
    const places = await everyTable(site.databaseUrl);
    nowhere(places);
    for (const one of cases.map(idOf)) expect(found(places, one)).toEqual(expect.arrayContaining(['public.complaint', 'public.event', 'public.intent', 'public.history', 'public.history, its bytes']));
  });

  it('stands in the logs of API, worker and database', () => {
    const places = [{ name: 'ours', bytes: Buffer.from(logged) }, { name: 'postgres', bytes: readFileSync(join(inject('shared').folder, 'postgres.log')) }];
    nowhere(places);
    expect(logged).toContain('/v1/complaints/{id}/resolve');
  });

  it('is lost: who may read them reads every one', async () => {
    const [phone, web] = cases as [string, string];
    let read = '';
    for (const path of [phone, web, `/v1/investigations/${investigation}`]) {
      read += JSON.stringify((await site.call('quinn', 'GET', path)).told);
      if (path !== phone && path !== web) continue;
      read += JSON.stringify((await site.call('quinn', 'GET', `${path}/timeline?limit=200`)).told);
    }
    const unread = marks.filter((one) => /^Zq(Text|Stated|Core|Expected|Request|Return|Plan|Message|Apology|Heard|Escalate|Cry|Note|Solution|Disagreed|Comment|Withdraw|Evidence|Attribute|Contest|Handling|Decide|Title|Cause|Whys|Measure|Metric|Final|Route|Tracked|Waive)/.test(one) && !read.includes(one));
    expect(unread).toEqual([]);
  });
});
