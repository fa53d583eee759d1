import type { Express } from 'express';

/** How the two that the API needs are asked whether they answer. Each throws or hangs when it does not. */
export interface Probes {
  database: () => Promise<unknown>;
  engine: () => Promise<unknown>;
}

const PATIENCE_MS = 2000;

/**
 * `/livez`: the process answers. `/readyz`: it can serve; without the database it cannot (503), without the engine it still takes
 * complaints in and reads, and says so.
 */
export function mountHealth(app: Express, probes: Probes): void {
  app.get('/livez', (_request, response) => {
    response.locals['route'] = '/livez';
    response.json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    response.locals['route'] = '/readyz';
    const [database, engine] = await Promise.all([answers(probes.database), answers(probes.engine)]);
    const status = !database ? 'unready' : engine ? 'ready' : 'degraded';
    if (!database) response.set('Retry-After', '5');
    response.status(database ? 200 : 503).set('Cache-Control', 'no-store')
      .json({ status, database: database ? 'up' : 'away', engine: engine ? 'up' : 'away' });
  });
}

async function answers(probe: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((done) => (timer = setTimeout(() => done(false), PATIENCE_MS)));
  try {
    return await Promise.race([probe().then(() => true, () => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
