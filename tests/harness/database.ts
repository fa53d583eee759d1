import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

const BUSY = '55006';

/** A migrated and seeded database of one's own; answers its address. It goes when the test run ends. */
export async function freshDatabase(): Promise<string> {
  const { postgres, template } = inject('shared');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  try {
    await create(client, name, template);
  } finally {
    await client.end();
  }
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
}

/** Two copies of one template at the same moment may refuse each other. */
async function create(client: pg.Client, name: string, template: string): Promise<void> {
  for (;;) {
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== BUSY) throw error;
    }
  }
}
