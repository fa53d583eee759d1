import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/event.js';
import { startIfOpen } from '../../engine/starter.js';
import { takenIn } from '../harness/driver.js';
import { startSystem, until, type System } from '../harness/system.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };

describe('an auditor who replays a case that has only just been taken', () => {
  let system: System;
  beforeEach(async () => {
    system = await startSystem({ worker: false });
  });
  afterEach(() => system.stop());

  it('waits for its start', async () => {
    const { parts } = system;
    const id = await takenIn(system.parts, ann);
    const finding = parts.audit.replay('complaint', id, 60_000);
    await pause(700);
    expect(await startIfOpen(parts, 'complaint', id)).toBe(true);
    await system.startWorker();
    expect(await finding).toEqual({ deterministic: true, events: 2, differences: [] });
  });

  it('needs no worker: what was filed is in the history', async () => {
    const { parts } = system;
    const { id } = await system.file(ann);
    await until(async () => (await parts.histories.json('complaint', id)) !== null, 'the start');
    expect(await parts.audit.look('complaint', id)).toEqual({ finding: { deterministic: true, events: 2, differences: [] }, final: true });
  });

  it('is told that there is no history when nobody starts it', async () => {
    const { parts } = system;
    const id = await takenIn(system.parts, ann);
    expect(await parts.audit.replay('complaint', id, 1_000)).toBeNull();
  });
});
