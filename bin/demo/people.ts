import type { KeyObject } from 'node:crypto';
import type { Role } from '../../domain/event.js';
import type { Database } from '../../prisma/database.js';
import { createKey, revokeKey } from '../../prisma/keys.js';
import { issueToken, type TokenClaims } from '../tokens.js';

/** Who plays in the demo. */
export const people = {
  ann: { roles: ['agent'] },
  bob: { roles: ['agent'] },
  chen: { roles: ['agent'] },
  pei: { roles: ['department'], department: 'production' },
  lou: { roles: ['department'], department: 'logistics' },
  sal: { roles: ['department'], department: 'sales' },
  cass: { roles: ['department'], department: 'customer_service' },
  sue: { roles: ['supervisor'], rung: 1 },
  sam: { roles: ['supervisor'], rung: 2 },
  sky: { roles: ['supervisor'], rung: 3 },
  quinn: { roles: ['quality'] },
  qi: { roles: ['quality'] },
  aud: { roles: ['auditor'] },
  adm: { roles: ['admin'] },
} as const satisfies Record<string, Omit<TokenClaims, 'sub'> & { roles: readonly Role[] }>;
export type Person = keyof typeof people;

/** Channels that file by themselves, each with an API key of its own. */
export const channelKeys = ['web', 'email', 'chat', 'social'] as const;
export type ChannelKey = (typeof channelKeys)[number];

export type Caller = Person | ChannelKey;
/** What a caller puts into `Authorization: Bearer`. */
export type Bearers = (caller: Caller) => string;

/** The agents, who share the filing among them. */
export const agents = ['ann', 'bob', 'chen'] as const;
export type Agent = (typeof agents)[number];

/** Whom a department sends to speak for it. */
export function speakerOf(department: string): Person {
  const found = personNames.find((name) => 'department' in people[name] && people[name].department === department);
  if (!found) throw new Error(`nobody of the demo speaks for the department ${department}`);
  return found;
}

export const personNames = Object.keys(people).filter((name): name is Person => name in people);

/** Tokens for everybody, and a new API key for each channel; `leave` makes the keys worthless. */
export async function enter(tokenKey: KeyObject, database: Database): Promise<{ bearers: Bearers; leave(): Promise<void> }> {
  const tokens = await Promise.all(personNames.map(async (sub) => [sub, await issueToken(tokenKey, { sub, ...people[sub] })] as const));
  const keys = await Promise.all(channelKeys.map(async (name) => ({ caller: name, ...(await createKey(database, `demo ${name}`)) })));
  const given = new Map<string, string>([...tokens, ...keys.map(({ caller, key }) => [caller, key] as const)]);
  return {
    bearers: (caller) => given.get(caller) ?? '',
    async leave() {
      for (const { id } of keys) await revokeKey(database, id);
    },
  };
}
