import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/event.js';
import { OutcomeUnknown } from '../../engine/failure.js';
import { finishCommand, finishIntentOf } from '../../engine/finish.js';
import type { Deps } from '../../engine/deps.js';
import { instant } from '../../domain/time.js';
import { complaintById } from '../../prisma/complaints.js';
import { eventsUpTo } from '../../prisma/events.js';
import { intentById, takeIntent, type Intent } from '../../prisma/intents.js';
import { liveState } from '../harness/live.js';
import { startSystem, until, word, type System } from '../harness/system.js';

const web: Actor = { by: 'web', role: 'channel', rung: null, department: null };
const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };

/** Decision 4: as long as another sender may still be heard, what was refused keeps its words. */
describe('a command that was refused is taken back', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  /** A case that nobody owns, and an intent to answer its customer, which is refused until somebody does. */
  async function refusable(): Promise<{ id: string; ref: string; intent: Intent; again(): Promise<Intent> }> {
    const { parts } = system;
    const { id } = await system.file(web, { channel: 'web' });
    await until(() => liveState(parts, id), 'the start');
    const { customer = '' } = (await complaintById(parts.database, id)) ?? {};
    const ref = word();
    const command = { id: randomUUID(), name: 'answer' as const, at: instant(Date.now()), ...sue, data: { message: ref, parts: null } };
    const take = async () => takeIntent(parts.database, {
      intent: {
        id: command.id, kind: 'command', subject: 'complaint', subjectId: id, name: 'answer', caller: 'sue', keyDigest: `k ${command.id}`, bodyDigest: 'b',
        sent: { command, head: 1, ifMatch: null, signature: parts.sign(id, command) },
      },
      words: await parts.vault.seal(customer, [{ ref, text: 'we are sorry' }]),
      leaseMs: 60_000,
    });
    const first = await take();
    if (!first.taken) throw new Error('it was there before');
    return {
      id, ref, intent: first.intent,
      async again() {
        const second = await take();
        if (second.taken) throw new Error('it was not there');
        return second.earlier;
      },
    };
  }
  const length = async (id: string) => (await system.parts.histories.json('complaint', id))?.events.length;
  const said = async (ref: string) => (await system.parts.vault.read([ref])).get(ref);
  const holds = async (id: string) => {
    expect(await system.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
  };

  it('at once by its only sender, without a trace in the history', async () => {
    const { id, ref, intent } = await refusable();
    const before = await length(id);
    expect(await finishCommand(system.parts, 'complaint', intent)).toMatchObject({ refusal: { code: 'not-accepted' } });
    expect([await intentById(system.parts.database, intent.id), await said(ref), await length(id)]).toEqual([null, null, before]);
  });

  it('so that a second sender, who comes late, is not taken when it would be allowed by then', async () => {
    const { id, ref, intent, again } = await refusable();
    const second = await again();
    expect(await finishCommand(system.parts, 'complaint', intent)).toMatchObject({ refusal: { code: 'not-accepted' } });
    expect([await intentById(system.parts.database, intent.id), await said(ref)]).toEqual([null, null]);

    await system.command(id, ann, 'accept', { note: null });
    await expect(finishCommand(system.parts, 'complaint', second)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect((await liveState(system.parts, id))?.tracks.customer).toBe('accepted');
    await holds(id);
  });

  it('but not when the second sender was taken in between: then it is done, and its words are there', async () => {
    const { id, ref, intent, again } = await refusable();
    const second = await again();
    const { parts } = system;
    let refused = false;
    const update: Deps['temporal']['update'] = async (subject, subjectId, sent) => {
      const updated = await parts.temporal.update(subject, subjectId, sent);
      if ('refusal' in updated && !refused) {
        refused = true;
        await system.command(id, ann, 'accept', { note: null });
        expect(await parts.temporal.update('complaint', id, second.sent as typeof sent)).toHaveProperty('answer');
      }
      return updated;
    };
    const finished = await finishCommand({ ...parts, temporal: { ...parts.temporal, update } }, 'complaint', intent);
    expect(finished).toMatchObject({ version: 3, state: { tracks: { customer: 'answered' } } });
    expect([await said(ref), (await intentById(parts.database, intent.id))?.state]).toEqual(['we are sorry', 'done']);
    expect((await eventsUpTo(parts.database, 'complaint', id)).map(({ type }) => type)).toEqual(['received', 'accepted', 'answered']);
    expect(await finishCommand(parts, 'complaint', second)).toMatchObject({ version: 3 });
    await holds(id);
  });

  it('by the sweeper, when who settled it has died over it', async () => {
    const { id, ref, intent, again } = await refusable();
    await again();
    const { parts } = system;
    const command = { id: intent.id, name: 'settle' };
    await parts.temporal.update('complaint', id, { command, head: 1, ifMatch: null, signature: '' });
    await system.command(id, ann, 'accept', { note: null });
    await expect(finishIntentOf(parts, intent)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect([await intentById(parts.database, intent.id), await said(ref)]).toEqual([null, null]);
    await holds(id);
  });
});
