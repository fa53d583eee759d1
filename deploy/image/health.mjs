// Exit code 0 when the one process of this container answers: the API on PORT, a worker on THREEFOLD_WORKER_PORT. A worker that was given
// no port answers nobody, and is sound while it is there.
import { readFileSync } from 'node:fs';

const { PORT, THREEFOLD_WORKER_PORT } = process.env;

// one that is set to nothing is not set
for (const port of [THREEFOLD_WORKER_PORT, PORT || '3000']) {
  if (port && (await lives(port))) process.exit(0);
}
process.exit(!THREEFOLD_WORKER_PORT && firstRuns('worker') ? 0 : 1);

async function lives(port) {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(2000) });
    return ok;
  } catch {
    return false;
  }
}

function firstRuns(command) {
  try {
    return readFileSync('/proc/1/cmdline', 'utf8').split('\0').includes(command);
  } catch {
    return false;
  }
}
