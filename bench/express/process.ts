import type { AddressInfo } from 'node:net';
import express from 'express';
import { serverOf } from '../../api/http/server.js';
import { Intake } from '../../domain/complaint/schema.js';

// The least that a route can be: what remains is Express, JSON, zod and the load generator.
const answer = { id: '00000000-0000-4000-8000-000000000000', filler: 'x'.repeat(2000) };
const app = express()
  .disable('x-powered-by')
  .get('/', (_request, response) => {
    response.json(answer);
  })
  .post('/', express.json(), (request, response) => {
    Intake.parse(request.body);
    response.status(201).json(answer);
  });
const server = serverOf(app).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit());
process.once('SIGTERM', () => process.exit());
