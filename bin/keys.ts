import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, wrongUse } from './exit.js';

/** Where the keys of an embedded set-up lie, each file readable by its owner only. */
export interface KeyFiles {
  /** 32 bytes, base64: wraps the vault's keys */
  master: string;
  /** Ed25519 private key, PEM: signs commands (spec: evidence, author) */
  command: string;
  /** Ed25519 private key, PEM: signs the tokens `threefold token` prints */
  token: string;
  /** password of the embedded database */
  databasePassword: string;
}

export function keyFilesOf(dataDir: string): KeyFiles {
  const path = (name: string): string => join(dataDir, 'keys', name);
  return { master: path('master.key'), command: path('command.pem'), token: path('token.pem'), databasePassword: path('database.password') };
}

/** Creates the keys that are not there yet; a key once made is never replaced, also when two processes do this at once. */
export function ensureKeys(dataDir: string): KeyFiles {
  const files = keyFilesOf(dataDir);
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  create(files.master, () => `${randomBytes(32).toString('base64')}\n`);
  create(files.command, ed25519);
  create(files.token, ed25519);
  create(files.databasePassword, () => `${randomBytes(24).toString('base64url')}\n`);
  return files;
}

/** The 32 bytes of a master key file. Throws `Exit` 2 when it cannot be read or is no such key. */
export function readMasterKey(path: string): Buffer {
  const key = Buffer.from(read(path).trim(), 'base64');
  if (key.length !== 32) throw wrongUse(`${path} is no master key: it must hold 32 bytes in base64.`);
  return key;
}

/** An Ed25519 private key. Throws `Exit` 2 when it cannot be read or is no such key. */
export function readPrivateKey(path: string): KeyObject {
  return ed25519KeyOf(path, createPrivateKey);
}

/** The public half of an Ed25519 key, from a file with either half. Throws `Exit` 2 as above. */
export function readPublicKey(path: string): KeyObject {
  return ed25519KeyOf(path, createPublicKey);
}

export function readSecret(path: string): string {
  return read(path).trim();
}

function ed25519KeyOf(path: string, parse: (pem: string) => KeyObject): KeyObject {
  const pem = read(path);
  try {
    const key = parse(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // said below, without the parser's words: they may quote the key
  }
  throw wrongUse(`${path} is no Ed25519 key in PEM form.`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrongUse(`${path} cannot be read (${errorCode(error) ?? 'error'}).`);
  }
}

function ed25519(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A link appears with its whole content or not at all, so nobody reads half a key. */
function create(path: string, content: () => string): void {
  if (existsSync(path)) return;
  const draft = `${path}.${String(process.pid)}`;
  writeFileSync(draft, content(), { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
