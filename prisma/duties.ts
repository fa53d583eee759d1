import type { Database } from './database.js';

/**
 * Takes what one process at a time does, for so long, or keeps it; false while another has it. A row and no advisory lock: it holds
 * through a pooler of connections too, and after the end of who held it the next one waits no longer than the time it was taken for.
 */
export async function takeDuty({ execute }: Database, name: string, holder: string, forMs: number): Promise<boolean> {
  const taken = await execute`
    INSERT INTO duty (name, holder, until) VALUES (${name}, ${holder}::uuid, now() + ${forMs}::int * interval '1 ms')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE duty.holder = excluded.holder OR duty.until <= now()`;
  return taken === 1;
}
