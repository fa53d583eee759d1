import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalForm } from '../prisma/chain.js';

/** Signs what the engine carries, so that write access to the engine alone cannot speak for a supervisor (spec: evidence, author). */
export type Sign = (subject: string, command: object) => string;
export type Verify = (subject: string, command: object, signature: string) => boolean;

/** Ed25519 over the RFC 8785 form of the command and the id it is for; base64url. */
export function createSign(key: KeyObject): Sign {
  return (subject, command) => sign(null, signed(subject, command), key).toString('base64url');
}

/** The check, with the public half; a private key will do. */
export function createVerify(key: KeyObject): Verify {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return (subject, command, signature) => verify(null, signed(subject, command), publicKey, Buffer.from(signature, 'base64url'));
}

function signed(subject: string, command: object): Buffer {
  return Buffer.from(canonicalForm({ subject, command }));
}
