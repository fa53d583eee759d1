import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverOf } from '../../api/http/server.js';

describe('the server of an app', () => {
  const app = express();
  app.get('/:what', (request, response) => {
    response.set('X-Asked-By', request.get('User-Agent') ?? '').status(202).json({ what: request.params.what, own: request.app === app });
  });
  const server = serverOf(app);
  /** prototypes of what comes in, before Express has seen it */
  const met: object[][] = [];
  server.prependListener('request', (...pair) => met.push(pair.map((one) => Object.getPrototypeOf(one) as object)));
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('makes requests and responses that are Express\'s from the beginning, all of one kind', async () => {
    for (const what of ['one', 'two']) {
      const answer = await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/${what}`, { headers: { 'User-Agent': 'somebody' } });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('X-Asked-By')).toBe('somebody');
      expect(await answer.json()).toEqual({ what, own: true });
    }
    expect(met.map(([request, response]) => [request === app.request, response === app.response])).toEqual([[true, true], [true, true]]);
  });
});
