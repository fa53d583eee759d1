import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Sent } from '../../domain/event.js';
import { createSign, createVerify } from '../../engine/signature.js';
import { complaintById } from '../../prisma/complaints.js';
import type { ComplaintStart } from '../../workflows/messages.js';
import { liveState } from '../harness/live.js';
import { startSystem, testKeys, until, word, type System } from '../harness/system.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };
const sam: Actor = { by: 'sam', role: 'supervisor', rung: 2, department: null };
const customer: Actor = { by: 'customer', role: 'customer', rung: null, department: null };

describe('what the history proves', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => {
    await system.stop();
  });

  it('author: the filing, every command and every signal in it is signed, for this case and no other', async () => {
    const { id } = await system.file(ann);
    await system.command(id, ann, 'answer', { message: word(), parts: null });
    const row = await complaintById(system.parts.database, id);
    await system.engine.escalate({ id, actor: sue, data: { reason: word(), to: 1 }, words: [], owner: row?.customer ?? '', key: null });
    await until(async () => (await liveState(system.parts, id))?.rung === 1, 'the escalation');
    const verify = createVerify(testKeys.commandKey);
    const handle = system.parts.client.workflow.getHandle(`complaint-${id}`);
    const { events } = await handle.fetchHistory();
    const signed = (events ?? []).flatMap((event): { command: object; signature: string }[] => {
      const start = event.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
      const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads?.[0];
      const signal = event.workflowExecutionSignaledEventAttributes?.input?.payloads?.[0];
      if (start) {
        const { file, signature } = defaultPayloadConverter.fromPayload<ComplaintStart>(start);
        return [{ command: file, signature }];
      }
      const message = update ?? signal;
      return message ? [defaultPayloadConverter.fromPayload<Sent<object>>(message)] : [];
    });
    expect(signed).toHaveLength(3);
    for (const { command, signature } of signed) {
      expect(verify(id, command, signature)).toBe(true);
      expect(verify(randomUUID(), command, signature)).toBe(false);
      expect(verify(id, { ...command, by: 'eve' }, signature)).toBe(false);
    }
  });

  it('an update whose run has ended is answered again, not done again: a sweeper can finish the command that closed a case', async () => {
    const { id } = await system.file(ann);
    await system.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    await system.command(id, customer, 'followUp', { satisfied: true, score: null, comment: null });
    await system.command(id, sue, 'attribute', { nature: 'customer', shares: [], note: word() });
    await system.command(id, sam, 'decide', { upheld: true, nature: null, shares: null, handling: word(), note: word() });
    await system.command(id, sue, 'waive', { reason: word() });
    const row = await complaintById(system.parts.database, id);
    const command = { id: randomUUID(), name: 'approveWaiver', at: new Date().toISOString(), ...sam, data: {} };
    const sent = { command, head: row?.head ?? 0, ifMatch: null, signature: createSign(testKeys.commandKey)(id, command) };
    const first = await system.parts.temporal.update('complaint', id, sent);
    expect(first).toMatchObject({ answer: { events: [{ type: 'waiver_approved' }, { type: 'closed' }] } });
    await until(() => system.parts.temporal.hasEnded('complaint', id), 'the end of the run');
    expect(await system.parts.temporal.update('complaint', id, sent)).toEqual(first);
    expect(await system.parts.temporal.update('complaint', id, { ...sent, command: { ...command, id: randomUUID() } })).toEqual({ absent: true });
  });
});
