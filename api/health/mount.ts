import type { Express } from 'express';
import { stateOf, type Probe } from './readiness.js';

/** What the API is asked about itself. */
export interface Health {
  database: Probe;
  engine: Probe;
  /** whether it is on its way to stop, and wants no more requests */
  isStopping?: (() => boolean) | undefined;
  /** its metrics, in Prometheus' form */
  metrics?: (() => Promise<{ contentType: string; body: string }>) | undefined;
}

/**
 * `/livez`: the process answers. `/readyz`: it can serve; without the database it cannot (503), without the engine it still takes
 * complaints in and reads, and says so (`unprepared`: its namespace is not as `threefold migrate` makes it). `/metrics`: what it
 * counts, where it counts at all.
 */
export function mountHealth(app: Express, { database, engine, isStopping = () => false, metrics }: Health): void {
  app.get('/livez', (_request, response) => {
    response.locals['route'] = '/livez';
    response.json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    response.locals['route'] = '/readyz';
    response.set('Cache-Control', 'no-store');
    if (isStopping()) {
      response.status(503).json({ status: 'stopping' });
      return;
    }
    const [hasDatabase, hasEngine] = await Promise.all([stateOf(database), stateOf(engine)]);
    const serves = hasDatabase === 'up';
    const status = !serves ? 'unready' : hasEngine === 'up' ? 'ready' : 'degraded';
    if (!serves) response.set('Retry-After', '5');
    response.status(serves ? 200 : 503).json({ status, database: hasDatabase, engine: hasEngine });
  });
  if (!metrics) return;
  app.get('/metrics', async (_request, response) => {
    response.locals['route'] = '/metrics';
    const { contentType, body } = await metrics();
    response.set({ 'Content-Type': contentType, 'Cache-Control': 'no-store' }).send(body);
  });
}
