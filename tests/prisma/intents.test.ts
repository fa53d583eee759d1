import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimIntents } from '../../prisma/claims.js';
import { dropIntent, finishIntent, intentById, intentByKey, startOf, takeIntent } from '../../prisma/intents.js';
import { investigationById, listInvestigations } from '../../prisma/investigations.js';
import { openInvestigation } from '../../prisma/opening.js';
import { record } from '../../prisma/record.js';
import { ann, answerOf, asked, file, filed, LEASE, OVER, place, planned, type Place } from './given.js';

let here: Place;
let second: Place;
beforeAll(async () => {
  here = await place();
  second = await place(here.url, here.masterKey);
});
afterAll(() => Promise.all([here.database.close(), second.database.close()]));

describe('Idempotency-Key (spec: api, general)', () => {
  it('lets one of many requests with the same key write, and gives the others its intent', async () => {
    const { row } = await filed(here);
    const keyDigest = here.vault.digest('idempotency', `ann /accept ${randomUUID()}`);
    const ref = () => [{ ref: randomUUID(), text: 'once' }];
    const takes = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
      const { database, vault } = i % 2 ? here : second;
      return takeIntent(database, { intent: asked(row.id, 'accept', { keyDigest }), words: await vault.seal(row.customer, ref()), leaseMs: LEASE });
    }));
    const [winner] = takes.flatMap((one) => (one.taken ? [one.intent.id] : []));
    expect(takes.filter(({ taken }) => taken)).toHaveLength(1);
    expect(takes.flatMap((one) => (one.taken ? [] : [one.earlier.id]))).toEqual(Array.from({ length: 7 }, () => winner));
    const words = await here.database.client.words.findMany({ where: { intent: winner ?? '' } });
    expect(words).toHaveLength(1);
  });

  it('files one complaint for many filings with the same key', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => file(i % 2 ? here : second, { key, given: { phone: '+49 30 1234567' } })));
    const ids = new Set(answers.map((one) => (one.filed ? one.row.id : one.earlier.subjectId)));
    expect(answers.filter(({ filed: done }) => done)).toHaveLength(1);
    expect(ids.size).toBe(1);
    const earlier = await intentByKey(here.database, here.vault.digest('idempotency', key));
    expect(earlier).toMatchObject({ kind: 'start', state: 'open', version: 1 });
  });

  it('opens one investigation for two requests with the same key', async () => {
    const keyed = async () => {
      const plan = await planned(here);
      return { ...plan, start: { ...plan.start, key_digest: 'k-investigation' } };
    };
    const answers = await Promise.all([openInvestigation(here.database, await keyed(), LEASE), openInvestigation(second.database, await keyed(), LEASE)]);
    expect(answers.filter(({ taken }) => taken)).toHaveLength(1);
    expect((await listInvestigations(here.database, { limit: 10 })).items).toHaveLength(1);
  });
});

describe('a refused command leaves nothing (spec: api; design: intent)', () => {
  it('goes with its words, and its key is free again', async () => {
    const { row } = await filed(here);
    const ref = randomUUID();
    const intent = asked(row.id, 'answer', { keyDigest: here.vault.digest('idempotency', randomUUID()) });
    await takeIntent(here.database, { intent, words: await here.vault.seal(row.customer, [{ ref, text: 'never sent' }]), leaseMs: LEASE });
    expect((await here.vault.read([ref])).get(ref)).toBe('never sent');
    expect(await dropIntent(here.database, intent.id)).toBe(true);
    expect(await intentById(here.database, intent.id)).toBeNull();
    expect(await here.database.client.words.count({ where: { ref } })).toBe(0);
    expect(await takeIntent(here.database, { intent: { ...intent, id: randomUUID() }, words: [], leaseMs: LEASE })).toMatchObject({ taken: true });
  });

  it('goes with the investigation that it would have opened', async () => {
    const { row } = await filed(here);
    const opens = await planned(here);
    const intent = asked(row.id, 'investigate');
    await takeIntent(here.database, { intent, words: [], opens, leaseMs: LEASE });
    expect(await dropIntent(here.database, intent.id)).toBe(true);
    expect(await investigationById(here.database, opens.id)).toBeNull();
    expect(await here.database.client.vaultKey.count({ where: { owner: opens.id } })).toBe(0);
    expect(await here.database.client.words.count({ where: { owner: opens.id } })).toBe(0);
  });

  it('cannot take back what has happened', async () => {
    const { row } = await filed(here);
    const intent = asked(row.id, 'accept');
    await takeIntent(here.database, { intent, words: [], leaseMs: LEASE });
    await record(here.database, { subject: 'complaint', id: row.id, events: answerOf(row.state, ann, 'accept', { note: null }, intent.id) });
    expect(await dropIntent(here.database, intent.id)).toBe(false);
    await finishIntent(here.database, intent.id, 2);
    expect(await dropIntent(here.database, intent.id)).toBe(false);
    const start = await startOf(here.database, row.id);
    expect(await dropIntent(here.database, start?.id ?? '')).toBe(false);
  });
});

describe('what a crash left open', () => {
  it('is claimed by one sweeper only, after its lease, and again when that lease has run out', async () => {
    const own = await place();
    const other = await place(own.url, own.masterKey);
    try {
      const { row } = await filed(own);
      const ids = await Promise.all(Array.from({ length: 20 }, async () => {
        const intent = asked(row.id, 'note');
        await takeIntent(own.database, { intent, words: [], leaseMs: OVER });
        return intent.id;
      }));
      const waiting = asked(row.id, 'note');
      await takeIntent(own.database, { intent: waiting, words: [], leaseMs: LEASE });
      const claims = await Promise.all([own, other, own, other].map(({ database }) => claimIntents(database, 'commands', 7, LEASE)));
      const claimed = claims.flat().map(({ id }) => id);
      expect(new Set(claimed).size).toBe(claimed.length);
      expect(claimed.sort()).toEqual([...ids].sort());
      expect(await claimIntents(own.database, 'commands', 100, 0)).toEqual([]);
      expect(await own.database.client.intent.count({ where: { state: 'open' } })).toBe(22);
    } finally {
      await Promise.all([own.database.close(), other.database.close()]);
    }
  });

  it('is claimed by kind, so that starts go at a rate of their own', async () => {
    const own = await place();
    try {
      const { row } = await filed(own);
      await own.database.client.$executeRaw`UPDATE intent SET lease_until = now()`;
      expect(await claimIntents(own.database, 'commands', 10, LEASE)).toEqual([]);
      expect(await claimIntents(own.database, 'starts', 10, LEASE)).toMatchObject([{ kind: 'start', subjectId: row.id, sent: { complaint: row.id } }]);
      await finishIntent(own.database, (await startOf(own.database, row.id))?.id ?? '');
      expect(await startOf(own.database, row.id)).toMatchObject({ state: 'done', version: 1 });
    } finally {
      await own.database.close();
    }
  });
});
