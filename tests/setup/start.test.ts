import { createServer } from 'node:net';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, type Identity } from '../../bin/embedded/identity.js';
import { parts, readState, type Part } from '../../bin/embedded/state.js';
import { freshFolder, startThreefold, threefold, type Started } from '../harness/threefold.js';

describe('the embedded set-up', () => {
  let data: string;
  let started: Started;

  beforeAll(async () => {
    data = freshFolder();
    // somebody's own Temporal is not what it runs on
    started = await startThreefold(data, { TEMPORAL_ADDRESS: 'elsewhere:7233', TEMPORAL_PROFILE: 'cloud', TEMPORAL_TLS: 'true', TEMPORAL_API_KEY: 'secret' });
  });

  afterAll(async () => {
    await started.stop();
  });

  it('says that it is ready when its API is', async () => {
    expect(await readyz()).toBe(200);
  });

  it('refuses a second start on the same data with one line and exit code 2', async () => {
    const second = await threefold(['start'], { THREEFOLD_DATA: data, PORT: '0' });
    expect(second.code).toBe(2);
    expect(second.stdout).toBe('');
    expect(second.stderr).toMatch(/^Threefold already runs on .+\n$/);
    expect(await readyz()).toBe(200);
  });

  it('tells machines where it answers', async () => {
    const { code, stdout } = await threefold(['info', '--json'], { THREEFOLD_DATA: data });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      api: started.api,
      databaseUrl: expect.stringMatching(/^postgres:\/\//),
      temporalAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      temporalNamespace: 'threefold',
    });
  });

  it('prints a token of one day and nothing else', async () => {
    const { code, stdout, stderr } = await threefold(['token', '--role', 'supervisor', '--sub', 'sue', '--department', 'logistics', '--rung', '3'], { THREEFOLD_DATA: data });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeProtectedHeader(stdout.trim()).alg).toBe('EdDSA');
    const claims = decodeJwt(stdout.trim());
    expect(claims).toMatchObject({ sub: 'sue', roles: ['supervisor'], department: 'logistics', rung: 3, iss: 'threefold', aud: 'threefold' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(24 * 60 * 60);
  });

  it('takes a complaint and runs it in the engine', async () => {
    const { stdout: token } = await threefold(['token', '--role', 'agent', '--sub', 'ann'], { THREEFOLD_DATA: data });
    const filed = await fetch(`${started.api}/v1/complaints`, {
      method: 'POST',
      headers: { 'authorization': `Bearer ${token.trim()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'phone', text: 'The parcel came open.', customer: { phone: '+49 30 1234567' } }),
    });
    expect(filed.status).toBe(201);
    const { stdout } = await threefold(['audit', 'replay', '--all', '--json'], { THREEFOLD_DATA: data });
    expect(JSON.parse(stdout)).toMatchObject({ cases: 1, different: 0, findings: [{ subject: 'complaint', deterministic: true, events: 2 }] });
  });

  it('finds nothing wrong with itself', async () => {
    const { code, stdout } = await threefold(['doctor', '--json'], { THREEFOLD_DATA: data });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, wrong: 0, warnings: 0 });
    expect(code).toBe(0);
  });

  it.each([[['--name', 'shop']], [[]]])('makes a key for a channel and prints nothing else: %j', async (named) => {
    const { code, stdout } = await threefold(['key', 'create', ...named], { THREEFOLD_DATA: data });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tfk_[\w-]+\n$/);
  });

  it('keeps its secrets to the owner', () => {
    for (const name of ['state.json', 'keys/master.key', 'keys/command.pem', 'keys/token.pem', 'keys/database.password']) {
      expect(statSync(join(data, name)).mode & 0o777, name).toBe(0o600);
    }
  });

  it.each([...parts])('goes on after kill -9 of %s', async (part) => {
    const before = identityOf(part);
    process.kill(before.pid, 'SIGKILL');
    await until(() => identityOf(part).pid !== before.pid && isAlive(identityOf(part)));
    await until(async () => (await readyz()) === 200);
  });

  it('ends what a killed parent left, and goes on where it was', async () => {
    const orphans = parts.map(identityOf);
    const address = started.api;
    started.process.kill('SIGKILL');
    await once(started.process, 'exit');
    expect(await threefold(['info'], { THREEFOLD_DATA: data })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Threefold does not run on .+\n$/) });
    started = await startThreefold(data);
    expect(orphans.filter(isAlive)).toEqual([]);
    expect(started.api).toBe(address);
  });

  it('stops cleanly, and a repeated signal changes nothing', async () => {
    const running = parts.map(identityOf);
    const code = started.stop();
    await started.line(/^Threefold stops/);
    for (let i = 0; i < 3; i += 1) {
      started.process.kill('SIGINT');
      await pause(20);
    }
    expect(await code).toBe(0);
    expect(running.filter(isAlive)).toEqual([]);
    expect(started.lines.filter((line) => line.startsWith('Threefold stops'))).toHaveLength(1);
  });

  it('goes on when nobody reads what it says any more, and still stops cleanly', async () => {
    started = await startThreefold(data);
    const running = parts.map(identityOf);
    for (const stream of [started.process.stdout, started.process.stderr]) stream?.destroy();
    // it has something to say of this
    const worker = identityOf('worker');
    process.kill(worker.pid, 'SIGKILL');
    await until(() => identityOf('worker').pid !== worker.pid && isAlive(identityOf('worker')));
    const all = [...running, identityOf('worker')];
    expect(await started.stop()).toBe(0);
    expect(all.filter(isAlive)).toEqual([]);
  });

  async function readyz(): Promise<number> {
    try {
      return (await fetch(`${started.api}/readyz`)).status;
    } catch {
      return 0;
    }
  }

  function identityOf(part: Part): Identity {
    const identity = readState(join(data, 'state.json'))?.processes[part];
    if (!identity) throw new Error(`${part} does not run`);
    return identity;
  }
});

describe('a start that cannot be', () => {
  it('says in one line that the port is in use, with exit code 2', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    const { code, stderr } = await threefold(['start'], { THREEFOLD_DATA: freshFolder(), PORT: port });
    taken.close();
    expect({ code, stderr }).toEqual({ code: 2, stderr: `Port ${port} is in use: stop what listens there, or set PORT to another one.\n` });
  });

  it('says in one line that nothing can listen at an address that is not ours', async () => {
    const { code, stderr } = await threefold(['start'], { THREEFOLD_DATA: freshFolder(), HOST: '192.0.2.1', PORT: '3999' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'Nothing can listen at 192.0.2.1, port 3999 (EADDRNOTAVAIL): set HOST and PORT to others.\n' });
  });

  it('says in one line that the Temporal server it was told to use does not run, and leaves nothing behind', async () => {
    const data = freshFolder();
    const { code, stderr } = await threefold(['start'], { THREEFOLD_DATA: data, PORT: '0', THREEFOLD_TEMPORAL: '/nowhere/temporal' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'THREEFOLD_TEMPORAL is not valid: /nowhere/temporal is no Temporal CLI that runs.\n' });
    expect(readState(join(data, 'state.json'))).toMatchObject({ parent: null, processes: {} });
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50);
}
