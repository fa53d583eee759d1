import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { course, improvement, responsibility, type Step } from './course.js';
import { idIn, type Desk } from './desk.js';

const Standing = z.looseObject({ status: z.string() });
const PATIENCE_MS = 60_000;

/** Gives these commands on a case, one after the other. */
export async function walk(desk: Desk, id: string, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await desk.command(id, step);
}

/**
 * Takes cases that have been followed up to their close: responsibility one by one, one investigation for all of them.
 * @param settle waited for after each step of the investigation: in a hurry, the cases are told several of its news at once
 */
export async function close(desk: Desk, ids: readonly string[], settle: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (const id of ids) await walk(desk, id, responsibility);
  const opened = idIn(await desk.post('quinn', '/v1/investigations', { title: '装卸破损', type: 'logistics', complaints: ids }, 201));
  for (const { as, path, body } of improvement()) {
    await settle();
    await desk.post(as, `/v1/investigations/${opened}/${path}`, body);
  }
  const until = Date.now() + PATIENCE_MS;
  for (const id of ids) {
    while (Standing.parse(JSON.parse(await desk.get('aud', `/v1/complaints/${id}`))).status !== 'closed') {
      if (Date.now() > until) throw new Error(`complaint ${id} has not closed within a minute`);
      await pause(100);
    }
  }
}

/** So many cases through the whole of level 1, several at a time; answers their ids. */
export async function followedUp(desk: Desk, count: number, atOnce = 8): Promise<string[]> {
  const ids: string[] = [];
  let left = count;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left-- > 0) {
      const id = await desk.file();
      await walk(desk, id, course);
      ids.push(id);
    }
  }));
  return ids;
}
