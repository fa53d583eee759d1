import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../engine/ids.js';
import { storedHistory } from '../../prisma/histories.js';
import { liveState } from '../harness/live.js';
import { ann } from '../harness/people.js';
import { startSystem, testKeys, until, type System } from '../harness/system.js';
import { filed, place, type Place } from '../prisma/given.js';

/** More than a worker takes at once. */
const UNKNOWN = 45;

describe('the history of a case that has ended', () => {
  let system: System;
  let here: Place;
  beforeAll(async () => {
    system = await startSystem();
    here = await place(system.databaseUrl, testKeys.masterKey);
  });
  afterAll(async () => {
    await here.database.close();
    await system.stop();
  });

  it('is stored, also behind many that ended before it and whose workflows the engine does not know', async () => {
    for (let n = 0; n < UNKNOWN; n += 1) {
      const { row } = await filed(here);
      await here.database.execute`UPDATE intent SET state = 'done', done_at = now() WHERE subject_id = ${row.id}::uuid`;
      await here.database.execute`UPDATE complaint SET closed_at = now() - interval '1 year', history_wanted = true WHERE id = ${row.id}::uuid`;
    }
    const { id } = await system.file(ann);
    await until(() => liveState(system.parts, id), 'the start');
    await system.parts.client.workflow.getHandle(workflowId('complaint', id)).terminate();
    await here.database.execute`UPDATE complaint SET closed_at = now(), history_wanted = true WHERE id = ${id}::uuid`;
    expect(await until(() => storedHistory(here.database, 'complaint', id), 'its history')).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED');
    const [left] = await here.database.query<{ wanted: number }>`SELECT count(*)::int AS wanted FROM complaint WHERE history_wanted`;
    expect(left?.wanted).toBe(UNKNOWN);
  });
});
