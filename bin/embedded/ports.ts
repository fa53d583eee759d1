import { createServer } from 'node:net';
import { errorCode } from '../exit.js';

/** A port on `host` that can be had now: `wanted` where it is free, else any. 0 wants any. */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  return (wanted !== 0 && (await tryPort(wanted, host))) || (await tryPort(0, host)) || 0;
}

/** Whether `port` can be listened on. Throws what the system says, except that it is in use. */
export async function isFree(port: number, host: string): Promise<boolean> {
  return (await tryPort(port, host)) !== 0;
}

function tryPort(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (errorCode(error) === 'EADDRINUSE') resolve(0);
      else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      const taken = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => { resolve(taken); });
    });
  });
}
