import { keyFilesOf, readPrivateKey } from '../../bin/keys.js';
import { issueToken, type TokenClaims } from '../../bin/tokens.js';
import { threefold } from './child.js';
import type { System } from './system.js';

/** Who plays in the bench. `web` is a channel with an API key. */
const people = {
  ann: { roles: ['agent'] },
  lou: { roles: ['department'], department: 'logistics' },
  sue: { roles: ['supervisor'], rung: 1 },
  sam: { roles: ['supervisor'], rung: 2 },
  quinn: { roles: ['quality'] },
  qi: { roles: ['quality'] },
  aud: { roles: ['auditor'] },
  ada: { roles: ['admin'] },
} as const satisfies Record<string, Omit<TokenClaims, 'sub'>>;

export type Person = keyof typeof people | 'web';
export type Bearers = Readonly<Record<Person, string>>;

/** What each of them puts into `Authorization: Bearer`. */
export async function bearersOf({ dataDir, environment }: System): Promise<Bearers> {
  const key = readPrivateKey(keyFilesOf(dataDir).token);
  const issued = Object.entries(people).map(async ([sub, claims]) => [sub, await issueToken(key, { sub, ...claims })] as const);
  const tokens = await Promise.all(issued);
  const web = threefold(['key', 'create', '--name', 'bench'], environment).trim();
  return { ...(Object.fromEntries(tokens) as Record<keyof typeof people, string>), web };
}
