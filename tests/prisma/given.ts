import { randomBytes, randomUUID } from 'node:crypto';
import { decide } from '../../domain/complaint/decide.js';
import type { CommandName, ComplaintCommand, ComplaintCommands, Filing } from '../../domain/complaint/command.js';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import { openComplaint } from '../../domain/complaint/intake.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Actor, Envelope } from '../../domain/event.js';
import { openInvestigation as opened } from '../../domain/investigation/open.js';
import { agreementOf } from '../../domain/policy/agreement.js';
import { defaultPolicy } from '../../domain/policy/default.js';
import { instant, type Instant } from '../../domain/time.js';
import { openDatabase, type Database } from '../../prisma/database.js';
import type { Given } from '../../prisma/identity.js';
import { fileComplaint, type Filed } from '../../prisma/intake.js';
import type { NewIntent } from '../../prisma/intents.js';
import { planInvestigation, type NewInvestigation } from '../../prisma/opening.js';
import { openVault, type Vault } from '../../prisma/vault.js';
import { freshDatabase } from '../harness/database.js';

export const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
export const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };
export const web: Actor = { by: 'web', role: 'channel', rung: null, department: null };
export const LEASE = 60_000;
/** A time that has run out. One of none may not have yet: its end is kept in milliseconds, rounded, and can lie half of one ahead. */
export const OVER = -1;

export interface Place {
  url: string;
  database: Database;
  vault: Vault;
  masterKey: Buffer;
  /** every statement since it was last emptied */
  statements: string[];
}

/** A database of one's own with a vault, as a process has them. */
export async function place(url?: string, masterKey: Buffer = randomBytes(32), poolSize?: number): Promise<Place> {
  const statements: string[] = [];
  const address = url ?? (await freshDatabase());
  const database = openDatabase({ url: address, ...(poolSize === undefined ? {} : { poolSize }), onStatement: (sql) => statements.push(sql) });
  return { url: address, database, vault: openVault({ database, masterKey }), masterKey, statements };
}

export interface FileOptions {
  actor?: Actor;
  given?: Given;
  text?: string;
  at?: Instant;
  key?: string;
  filing?: Partial<Filing>;
}

/** Files a complaint as the API does. */
export function file({ database, vault }: Place, { actor = web, given = { key: `K-${randomUUID()}` }, text = 'it broke', at = instant(Date.now()), key, filing = {} }: FileOptions = {}): Promise<Filed> {
  const id = randomUUID();
  const intent = randomUUID();
  const ref = randomUUID();
  return fileComplaint(database, vault, {
    id,
    customer: { given, byStaff: actor.role !== 'channel' },
    words: [{ ref, text }],
    intent: { id: intent, caller: actor.by, keyDigest: key === undefined ? null : vault.digest('idempotency', key), bodyDigest: vault.digest('body', text) },
    open: ({ id: customer, important }) => {
      const events = openComplaint({
        id: intent, name: 'file', at, ...actor,
        data: {
          complaint: id, channel: 'web', customer, important, text: ref, type: null, subtype: null, product: null, region: null, department: null,
          tier: null, flags: {}, emotion: null, demand: null, receivedAt: null, policy: { name: 'default', version: 1 },
          repeatOf: null, owner: null, ownerDepartment: null, ...filing,
        },
      }, agreementOf({ policy: defaultPolicy }));
      return { events, sent: { complaint: id } };
    },
    leaseMs: LEASE,
  });
}

/** As `file`, when it is sure that it was filed. */
export async function filed(at: Place, options: FileOptions = {}): Promise<Extract<Filed, { filed: true }>> {
  const answer = await file(at, options);
  if (!answer.filed) throw new Error('the key was used before');
  return answer;
}

/** What the engine answers to a command: the events that the rules decide. */
export function answerOf<N extends CommandName>(state: Complaint, actor: Actor, name: N, data: ComplaintCommands[N], id: string = randomUUID()): ComplaintEvent[] {
  const at = instant(Date.now());
  const envelope: Envelope<N, ComplaintCommands[N]> = { id, name, at, ...actor, data };
  const decision = decide(state, envelope as ComplaintCommand<N>, agreementOf({ policy: defaultPolicy }), at);
  if ('refusal' in decision) throw new Error(`${name}: ${decision.refusal.code}`);
  return decision.events;
}

/** An intent of a command on a complaint. */
export function asked(complaint: string, name: string, more: Partial<NewIntent> = {}): NewIntent {
  return {
    id: randomUUID(), kind: 'command', subject: 'complaint', subjectId: complaint, name, caller: 'ann', keyDigest: null, bodyDigest: null,
    sent: { command: { name } }, ...more,
  };
}

/** An investigation that quality opens, ready to be written. */
export function planned({ vault }: Place, title = 'why parcels break'): Promise<NewInvestigation> {
  const id = randomUUID();
  const start = randomUUID();
  const ref = randomUUID();
  const events = opened({
    id: start, name: 'open', at: instant(Date.now()), by: 'quinn', role: 'quality', rung: null, department: null,
    data: { investigation: id, title: ref, type: null, whys: { least: 3, most: 8 } },
  });
  return planInvestigation(vault, {
    id, events, words: [{ ref, text: title }], openedBy: 'quinn', start: { id: start, keyDigest: null, bodyDigest: null, input: { investigation: id, events } },
  });
}

/** How many transactions that write are among these statements: each alone is one, those between BEGIN and COMMIT are one together. */
export function writes(statements: string[]): number {
  let count = 0;
  let open: { writes: boolean } | null = null;
  for (const sql of statements) {
    const changes = /\b(INSERT INTO|UPDATE \w+|DELETE FROM)\b/.test(sql.replace(/FOR UPDATE/g, ''));
    if (sql === 'BEGIN') open = { writes: false };
    else if (sql === 'COMMIT') {
      count += open?.writes ? 1 : 0;
      open = null;
    } else if (open) open.writes ||= changes;
    else count += changes ? 1 : 0;
  }
  return count;
}
