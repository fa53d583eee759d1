import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { end, identityOf, isAlive, ownIdentity, type Identity } from '../../bin/embedded/identity.js';
import { releaseLock, takeLock } from '../../bin/embedded/lock.js';
import { supervise } from '../../bin/embedded/supervise.js';
import { ensureKeys, readMasterKey, readPrivateKey, readPublicKey } from '../../bin/keys.js';
import { freshFolder } from '../harness/threefold.js';
import { until } from '../harness/until.js';

describe('a process is told by pid and start time', () => {
  it('so that a pid used again is left alone', async () => {
    const child = spawn('sleep', ['60'], { detached: true });
    const identity = identityOf(child.pid!)!;
    await end({ ...identity, started: 'another time' }, 'SIGTERM', 0);
    expect(isAlive(identity)).toBe(true);
    await end(identity, 'SIGTERM', 5000);
    expect(isAlive(identity)).toBe(false);
  });

  it('and one that does not listen is killed after its time', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo up; while :; do sleep 1; done'], { detached: true });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const identity = identityOf(child.pid!)!;
    await end(identity, 'SIGTERM', 100);
    expect(isAlive(identity)).toBe(false);
  });
});

describe('the data folder has one holder', () => {
  it('until that is released', () => {
    const path = join(freshFolder(), 'lock.json');
    expect(takeLock(path)).toBeNull();
    expect(takeLock(path)).toEqual(ownIdentity());
    releaseLock(path);
    expect(takeLock(path)).toBeNull();
  });

  it.each([
    ['a dead holder', JSON.stringify({ ...ownIdentity(), started: 'before' })],
    ['a lock that was never written whole', ''],
  ])('and %s does not keep it', (_, content) => {
    const path = join(freshFolder(), 'lock.json');
    writeFileSync(path, content);
    expect(takeLock(path)).toBeNull();
    expect(takeLock(path)).toEqual(ownIdentity());
  });
});

describe('the keys of a set-up', () => {
  it('are made once and stay', () => {
    const folder = freshFolder();
    const files = ensureKeys(folder);
    const before = Object.values(files).map((path: string) => readFileSync(path, 'utf8'));
    expect(ensureKeys(folder)).toEqual(files);
    expect(Object.values(files).map((path: string) => readFileSync(path, 'utf8'))).toEqual(before);
    expect(readMasterKey(files.master)).toHaveLength(32);
    expect(readPrivateKey(files.command).asymmetricKeyType).toBe('ed25519');
    expect(readPublicKey(files.token).type).toBe('public');
  });

  it('are not taken for what they are not', () => {
    const folder = freshFolder();
    const files = ensureKeys(folder);
    expect(() => readPrivateKey(files.master)).toThrow(/is no Ed25519 key/);
    expect(() => readMasterKey(files.token)).toThrow(/is no master key/);
    expect(() => readMasterKey(join(folder, 'none'))).toThrow(/cannot be read \(ENOENT\)/);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('a process that is kept running', () => {
  it('is tried again when it cannot be started for a while, and goes on though it cannot be noted down', async () => {
    const said: string[] = [];
    const children: ChildProcess[] = [];
    const noted: Identity[] = [];
    const supervised = supervise({
      name: 'sleeper', signal: 'SIGTERM', graceMs: 1000, say: (line) => said.push(line),
      launch() {
        if (children.length === 1 && said.length < 2) throw new Error('no space left');
        children.push(spawn('sleep', [children.length === 0 ? '0.2' : '60'], { detached: true }));
        return children.at(-1)!;
      },
      onStarted(identity) {
        noted.push(identity);
        if (children.length > 1) throw new Error('no space left');
      },
    });
    await until(() => Promise.resolve(noted.length === 2), 'the second');
    expect(said).toEqual(['sleeper has ended (exit code 0); it is started again.', 'sleeper cannot be started (no space left); it is tried again.']);
    expect([children.length, supervised.ended(), isAlive(noted[1]!)]).toEqual([2, false, true]);
    await supervised.stop();
    expect(noted.filter(isAlive)).toEqual([]);
  });

  it('is not left behind when the first of all cannot be noted down', async () => {
    const child = spawn('sleep', ['60'], { detached: true });
    expect(() => supervise({
      name: 'sleeper', signal: 'SIGTERM', graceMs: 1000, say: () => undefined, launch: () => child,
      onStarted: () => { throw new Error('no space left'); },
    })).toThrow('no space left');
    await until(() => Promise.resolve(child.signalCode === 'SIGTERM'), 'its end');
  });
});
