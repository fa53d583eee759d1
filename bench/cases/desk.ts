import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Http } from '../load/http.js';
import type { Bearers, Person } from '../system/people.js';
import { filing } from './filing.js';
import type { Step } from './course.js';

/** The API as its callers use it: every POST under an Idempotency-Key, as a client that may have to repeat sends it. */
export interface Desk {
  /** files a complaint as a channel does; answers its id */
  file(): Promise<string>;
  command(id: string, step: Step): Promise<void>;
  escalate(id: string): Promise<void>;
  read(id: string): Promise<void>;
  get(as: Person, path: string): Promise<string>;
  post(as: Person, path: string, body: object, status?: number): Promise<string>;
}

const Filed = z.looseObject({ id: z.string() });

export function createDesk(http: Http, bearers: Bearers): Desk {
  const desk: Desk = {
    get: (as, path) => http.send({ path, bearer: bearers[as], status: 200 }),
    post: (as, path, body, status = 200) => http.send({ path, bearer: bearers[as], body, status, headers: { 'Idempotency-Key': randomUUID() } }),
    async file() {
      return idIn(await desk.post('web', '/v1/complaints', filing(), 201));
    },
    async command(id, { as, path, body }) {
      await desk.post(as, `/v1/complaints/${id}/${path}`, body);
    },
    async escalate(id) {
      await desk.post('sue', `/v1/complaints/${id}/escalations`, { reason: '客户要求上级处理。' }, 202);
    },
    async read(id) {
      await desk.get('ann', `/v1/complaints/${id}`);
    },
  };
  return desk;
}

/** The id of what an answer shows. */
export function idIn(answer: string): string {
  return Filed.parse(JSON.parse(answer)).id;
}
