import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { errorCode } from '../exit.js';

/** Below what systems give to outgoing connections (Linux from 32768, others from 49152): none takes it before it is listened on. */
const [LOWEST, ABOVE] = [10_000, 32_768];

/** A port on `host` that can be had now: `wanted` where it is free, else any from 10000 to 32767. 0 wants any. */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  for (let port = wanted || randomInt(LOWEST, ABOVE); ; port = randomInt(LOWEST, ABOVE)) {
    if (await isFree(port, host)) return port;
  }
}

/** Whether `port` can be listened on. Throws what the system says, except that it is in use. */
export function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (errorCode(error) === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => {
      server.close(() => { resolve(true); });
    });
  });
}
