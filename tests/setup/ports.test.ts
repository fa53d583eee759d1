import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, isFree } from '../../bin/embedded/ports.js';

let taken: number;
const server = createServer();

beforeAll(async () => {
  taken = await freePort();
  await new Promise<void>((resolve) => { server.listen(taken, '127.0.0.1', resolve); });
});
afterAll(() => server.close());

it('a port of an earlier time is kept while it is free', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
});

it('one that is in use is not free, and another is given for it', async () => {
  expect(await isFree(taken, '127.0.0.1')).toBe(false);
  expect(await freePort(taken)).not.toBe(taken);
});

it('no outgoing connection takes a port that was given before it is listened on: it is below the range for those', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
