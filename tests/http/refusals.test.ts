import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedCase, startSite, until, type Body, type Site } from './given.js';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());

/** Runs what has to be refused, and finds the database and the case's history as they were before. */
async function keepingNothing(path: string, refused: () => Promise<void>): Promise<void> {
  const standing = async () => JSON.stringify([await site.kept(), await site.historyLength(path)]);
  let last = '';
  // what the case does alone after its last command comes to rest first
  const before = await until(async () => {
    const rests = await site.isAtRest(path);
    const now = await standing();
    if (rests && now === last) return now;
    last = now;
    await new Promise((resume) => setTimeout(resume, 300));
    return null;
  }, 'the case to rest');
  await refused();
  expect(await standing()).toBe(before);
}

/** Who may give a command at all (case.md, commands); the owner and the assignee are agents here. */
const everybody = ['agent', 'department', 'supervisor', 'quality', 'auditor', 'admin', 'channel'] as const;
type Role = (typeof everybody)[number];
const someone: Record<Role, string> = { agent: 'ann', department: 'lou', supervisor: 'sue', quality: 'quinn', auditor: 'aud', admin: 'adm', channel: 'web' };
const handling: Role[] = ['agent', 'supervisor'];
const allowed: Record<string, readonly Role[]> = {
  'accept': handling, 'answer': handling, 'classify': handling, 'dispatch': handling, 'pause': handling, 'resume': handling, 'resolve': handling,
  'assign': ['supervisor'], 'transfer': ['supervisor'], 'finalize': ['supervisor'], 'decide': ['supervisor'], 'waive': ['supervisor'],
  'approve-waiver': ['supervisor'], 'refuse-waiver': ['supervisor'], 'extend': handling, 'approve-extension': ['supervisor'], 'refuse-extension': ['supervisor'],
  'acknowledge': ['supervisor'],
  'plan': ['department'], 'return': ['department'], 'agree': ['department'], 'contest': ['department'],
  'hear': ['channel', 'agent'], 'withdraw': ['agent'], 'attribute': ['supervisor', 'quality'], 'investigate': ['quality', 'supervisor'],
  'close': ['supervisor', 'quality'], 'escalations': handling,
  'follow-up': ['agent', 'department', 'supervisor', 'quality', 'admin'],
  'note': everybody.filter((role) => role !== 'auditor'),
};

describe('a command that the role does not allow', () => {
  it('gets 403 before its body is looked at, for every command and role, and leaves nothing', async () => {
    const path = await site.filed('web', { channel: 'web' });
    await site.does('ann', `${path}/accept`);
    await site.does('ann', `${path}/dispatch`, { department: 'logistics', request: 'please look' });
    await keepingNothing(path, async () => {
      for (const [command, roles] of Object.entries(allowed)) {
        for (const role of everybody) {
          const { status, told } = await site.call(someone[role], 'POST', `${path}/${command}`, { 'no such field': true });
          const expected = roles.includes(role) ? [422, 'invalid'] : [403, 'forbidden'];
          expect({ command, role, answer: [status, told['code']] }).toEqual({ command, role, answer: expected });
        }
      }
    });
  });

  it.each([
    ['files', ['department', 'quality', 'auditor', 'admin'], 'POST', '/v1/complaints'],
    ['opens an investigation', ['agent', 'department', 'auditor', 'admin', 'channel'], 'POST', '/v1/investigations'],
    ['lists investigations', ['department', 'channel'], 'GET', '/v1/investigations'],
    ['publishes a policy', ['agent', 'department', 'supervisor', 'quality', 'auditor', 'channel'], 'POST', '/v1/policies'],
  ] as const)('nor one who %s', async (_what, roles, method, path) => {
    const before = await site.kept();
    for (const role of roles) expect([role, (await site.call(someone[role], method, path, method === 'POST' ? {} : undefined)).status]).toEqual([role, 403]);
    expect(await site.kept()).toEqual(before);
  });

  it('nor history and replay, which are the auditor’s and the admin’s', async () => {
    const path = await site.filed('web', { channel: 'web' });
    for (const role of ['agent', 'supervisor', 'quality', 'channel'] as const) {
      expect([role, (await site.call(someone[role], 'GET', `${path}/history`)).status]).toEqual([role, 403]);
      expect([role, (await site.call(someone[role], 'POST', `${path}/replay`)).status]).toEqual([role, 403]);
    }
    for (const who of ['aud', 'adm']) {
      expect((await site.call(who, 'GET', `${path}/history`)).status).toBe(200);
      expect((await site.call(who, 'POST', `${path}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
    }
  });

  it('nor a lower tier to an agent', async () => {
    const path = await site.filed('ann', { tier: 'serious' });
    await keepingNothing(path, async () => {
      expect((await site.call('ann', 'POST', `${path}/classify`, { tier: 'general', reason: 'r' })).status).toBe(403);
    });
    expect((await site.call('sue', 'POST', `${path}/classify`, { tier: 'general', reason: 'r' })).status).toBe(200);
  });
});

const words = { message: 'm' };
const shares = [{ department: 'logistics', percent: 100, conduct: 'ordinary' }];
const decision = { upheld: true, handling: 'h', note: 'n' };
type Refused = [who: string, command: string, body: Body, code: string, missing?: string[]];

/** Each state, how a case gets there, and what is refused in it. */
const states: { state: string; filer: string; way: [string, string, Body][]; refused: Refused[] }[] = [
  {
    state: 'received', filer: 'web', way: [],
    refused: [
      ['sue', 'answer', words, 'not-accepted'], ['ann', 'answer', words, 'not-accepted'], ['sue', 'dispatch', { department: 'logistics', request: 'r' }, 'not-accepted'],
      ['sue', 'resolve', { solution: 's', agreed: true }, 'not-accepted'], ['sue', 'assign', { assignee: 'ann', reason: 'r' }, 'not-accepted'],
      ['sue', 'transfer', { owner: 'ann', reason: 'absence' }, 'not-accepted'], ['sue', 'pause', { reason: 'customer_information' }, 'not-accepted'],
    ],
  },
  {
    state: 'accepted', filer: 'ann', way: [['ann', 'dispatch', { department: 'logistics', request: 'please look' }]],
    refused: [
      ['bob', 'accept', {}, 'already-accepted'], ['bob', 'answer', words, 'not-yours'], ['bob', 'resolve', { solution: 's', agreed: true }, 'not-yours'],
      ['bob', 'dispatch', { department: 'logistics', request: 'r' }, 'not-yours'], ['bob', 'escalations', { reason: 'r', to: 1 }, 'not-yours'],
      ['sue', 'transfer', { owner: 'ann', reason: 'absence' }, 'already-owner'], ['ann', 'pause', { reason: 'customer_information' }, 'not-answered'],
      ['ann', 'resume', {}, 'not-paused'], ['bob', 'follow-up', { satisfied: true }, 'no-follow-up'],
      ['sam', 'finalize', { message: 'm', parts: {}, externalRoute: 'e' }, 'too-early'], ['sue', 'attribute', { nature: 'process', shares, note: 'n' }, 'customer-first'],
      ['sue', 'decide', decision, 'not-attributed'], ['lou', 'agree', {}, 'not-attributed'], ['sue', 'waive', { reason: 'r' }, 'responsibility-first'],
      ['sue', 'approve-waiver', {}, 'no-waiver'], ['sue', 'acknowledge', {}, 'nothing-to-acknowledge'], ['lou', 'plan', { request: 'r9', plan: 'p' }, 'request-unknown'],
      ['ann', 'extend', { extension: 'complex', reason: 'r' }, 'no-statute'], ['sue', 'approve-extension', {}, 'no-extension'],
      ['sue', 'refuse-extension', { reason: 'r' }, 'no-extension'],
      ['sue', 'close', {}, 'gate-shut', ['customer-not-done', 'responsibility-not-decided', 'cause-not-verified']],
    ],
  },
  {
    state: 'returned to the arbiter', filer: 'ann',
    way: [
      ['ann', 'dispatch', { department: 'logistics', request: 'please look' }], ['lou', 'return', { request: 'r1', reason: 'not ours' }],
      ['sue', 'dispatch', { department: 'logistics', request: 'yours' }],
    ],
    refused: [['lou', 'return', { request: 'r1', reason: 'r' }, 'already-returned'], ['lou', 'plan', { request: 'r1', plan: 'p' }, 'already-returned'], ['lou', 'return', { request: 'r2', reason: 'r' }, 'not-returnable']],
  },
  {
    state: 'paused', filer: 'ann', way: [['ann', 'answer', words], ['ann', 'pause', { reason: 'customer_information' }]],
    refused: [['ann', 'pause', { reason: 'customer_information' }, 'already-paused'], ['bob', 'resume', {}, 'not-yours']],
  },
  {
    state: 'resolved', filer: 'ann', way: [['sue', 'assign', { assignee: 'bob', reason: 'r' }], ['sue', 'resolve', { solution: 's', agreed: true }]],
    refused: [
      ['ann', 'pause', { reason: 'customer_information' }, 'already-resolved'], ['ann', 'resolve', { solution: 's', agreed: true }, 'already-resolved'],
      ['ann', 'follow-up', { satisfied: true }, 'follow-up-by-handler'], ['bob', 'follow-up', { satisfied: true }, 'follow-up-by-handler'],
      ['sue', 'follow-up', { satisfied: true }, 'follow-up-by-handler'],
      ['quinn', 'close', {}, 'gate-shut', ['follow-up-open', 'responsibility-not-decided', 'cause-not-verified']],
    ],
  },
  {
    state: 'proposed', filer: 'ann',
    way: [['ann', 'resolve', { solution: 's', agreed: true }], ['bob', 'follow-up', { satisfied: true }], ['sue', 'attribute', { nature: 'process', shares, note: 'n' }]],
    refused: [
      ['quinn', 'attribute', { nature: 'process', shares, note: 'n' }, 'already-attributed'], ['sam', 'decide', decision, 'departments-not-heard'],
      ['len', 'decide', decision, 'party'], ['ann', 'withdraw', { reason: 'r', message: 'm' }, 'already-resolved'],
      ['ann', 'extend', { extension: 'complex', reason: 'r' }, 'no-statute'], ['sue', 'approve-extension', {}, 'no-extension'],
      ['sue', 'refuse-extension', { reason: 'r' }, 'no-extension'],
      ['sue', 'close', {}, 'gate-shut', ['responsibility-not-decided', 'cause-not-verified']],
    ],
  },
  {
    state: 'contested', filer: 'ann',
    way: [
      ['ann', 'resolve', { solution: 's', agreed: true }], ['bob', 'follow-up', { satisfied: true }],
      ['sue', 'attribute', { nature: 'process', shares, note: 'n' }], ['lou', 'contest', { reason: 'not us' }],
    ],
    refused: [['lou', 'agree', {}, 'already-spoken'], ['lou', 'contest', { reason: 'r' }, 'already-spoken'], ['sue', 'decide', decision, 'proposer']],
  },
  {
    state: 'waiver asked for', filer: 'ann',
    way: [
      ['ann', 'resolve', { solution: 's', agreed: true }], ['bob', 'follow-up', { satisfied: true }], ['quinn', 'attribute', { nature: 'customer', shares: [], note: 'n' }],
      ['sue', 'decide', decision], ['sue', 'waive', { reason: 'r' }],
    ],
    refused: [
      ['sue', 'approve-waiver', {}, 'waiver-own'], ['sue', 'refuse-waiver', { reason: 'r' }, 'waiver-own'], ['sam', 'waive', { reason: 'r' }, 'waiver-requested'],
      ['sam', 'decide', decision, 'already-decided'], ['sam', 'close', {}, 'gate-shut', ['waiver-not-approved']],
    ],
  },
];

describe('a command that the state does not allow', () => {
  it.each(states)('gets 409 with a code that says why, and leaves nothing: $state', async ({ filer, way, refused }) => {
    const path = await site.filed(filer, filer === 'web' ? { channel: 'web' } : {});
    for (const [who, command, body] of way) await site.does(who, `${path}/${command}`, body);
    await keepingNothing(path, async () => {
      for (const [who, command, body, code, missing] of refused) {
        const { status, told, headers } = await site.call(who, 'POST', `${path}/${command}`, body);
        expect({ who, command, status, code: told['code'], missing: told['missing'] }).toEqual({ who, command, status: 409, code, missing });
        expect(headers.get('Content-Type')).toContain('application/problem+json');
        expect(told['detail']).toMatch(/\w+ .+\.$/);
      }
    });
  });

  it('gets 409 closed, whatever it is, once the case is closed', async () => {
    const path = await closedCase(site);
    const refused: [string, string, Body][] = [
      ['ann', 'accept', {}], ['ann', 'answer', words], ['ann', 'note', { text: 't' }], ['sue', 'classify', { tier: 'urgent', reason: 'r' }], ['sue', 'acknowledge', {}],
      ['ann', 'resolve', { solution: 's', agreed: true }], ['bob', 'follow-up', { satisfied: false }], ['sue', 'close', {}], ['sue', 'escalations', { reason: 'r' }],
      ['quinn', 'investigate', { title: 't' }], ['sue', 'waive', { reason: 'r' }], ['ann', 'withdraw', { reason: 'r', message: 'm' }], ['quinn', 'attribute', { nature: 'process', shares, note: 'n' }],
    ];
    await keepingNothing(path, async () => {
      for (const [who, command, body] of refused) {
        const { status, told } = await site.call(who, 'POST', `${path}/${command}`, body);
        expect({ command, status, code: told['code'] }).toEqual({ command, status: 409, code: 'closed' });
      }
    });
  });

  it('so it is with an investigation: 409 with what is missing, and nothing after it is concluded', async () => {
    const { id } = await site.does('quinn', '/v1/investigations', { title: 'broken parcels' }, 201);
    const path = `/v1/investigations/${String(id)}`;
    const refuses = async (who: string, step: string, body: Body, code: string, missing?: string[]) => {
      const before = await site.kept();
      const { status, told } = await site.call(who, 'POST', path + step, body);
      expect({ step, status, code: told['code'], missing: told['missing'] }).toEqual({ step, status: 409, code, missing });
      expect(await site.kept()).toEqual(before);
    };
    await refuses('quinn', '/conclude', {}, 'gate-shut', ['root-missing']);
    await site.does('quinn', `${path}/causes`, { category: 'method', text: 'c', whys: ['1', '2'] });
    await refuses('quinn', '/causes/c1/finding', { root: true, note: 'n' }, 'too-few-whys');
    await site.does('quinn', `${path}/causes/c1/whys`, { text: '3' });
    const measure = { cause: 'c1', text: 'm', owner: 'lou', dueAt: '2030-01-01T00:00:00Z', goal: { metric: 'broken', baseline: 9, target: 1, direction: 'down' }, observeDays: 0 };
    await refuses('quinn', '/measures', measure, 'not-a-root');
    await site.does('quinn', `${path}/causes/c1/finding`, { root: true, note: 'n' });
    await site.does('quinn', `${path}/measures`, measure);
    await refuses('quinn', '/conclude', {}, 'gate-shut', ['measure-not-effective']);
    const verdict = { effective: true, note: 'n' };
    await refuses('qi', '/measures/m1/verdict', verdict, 'measure-not-done');
    await site.does('lou', `${path}/measures/m1/done`);
    await refuses('qi', '/measures/m1/verdict', verdict, 'no-reading');
    await site.does('lou', `${path}/measures/m1/readings`, { value: 1 });
    await site.does('qi', `${path}/measures/m1/verdict`, verdict);
    await site.does('quinn', `${path}/conclude`);
    await refuses('quinn', '/causes', { category: 'method', text: 'late' }, 'concluded');
  });
});

describe('a request that fails in several ways is told the first of them', () => {
  const malformed = '{"message"';
  const huge = JSON.stringify({ message: 'x'.repeat(1_100_000) });
  const stale = { 'If-Match': '"1"' };

  it.each([
    ['401 before 404', null, randomUUID(), malformed, {}, 401, 'unauthenticated'],
    ['404 before 403', 'lou', randomUUID(), malformed, {}, 404, 'not-found'],
    ['404 before 403, for what one may not see', 'pat', 'case', malformed, {}, 404, 'not-found'],
    ['403 before 400', 'aud', 'case', malformed, stale, 403, 'forbidden'],
    ['403 before 413', 'aud', 'case', huge, {}, 403, 'forbidden'],
    ['403 before 415', 'aud', 'case', malformed, { 'Content-Type': 'text/plain' }, 403, 'forbidden'],
    ['400 before 412 and 409', 'bob', 'case', malformed, stale, 400, 'malformed'],
    ['413 before 412 and 409', 'bob', 'case', huge, stale, 413, 'too-large'],
    ['415 before 400, 412 and 409', 'bob', 'case', malformed, { ...stale, 'Content-Type': 'text/plain' }, 415, 'unsupported-media-type'],
    ['422 before 412 and 409', 'bob', 'case', '{"message":7}', stale, 422, 'invalid'],
    ['412 before 409', 'bob', 'case', '{"message":"m"}', stale, 412, 'stale'],
    ['409 at last', 'bob', 'case', '{"message":"m"}', { 'If-Match': '"2"' }, 409, 'not-yours'],
  ] as const)('%s', async (_name, who, id, body, headers, status, code) => {
    owned ??= await site.filed('ann');
    const path = id === 'case' ? owned : `/v1/complaints/${id}`;
    const answer = await site.call(who, 'POST', `${path}/answer`, body, headers);
    expect({ status: answer.status, code: answer.told['code'] }).toEqual({ status, code });
  });
  let owned: string | undefined;
});
