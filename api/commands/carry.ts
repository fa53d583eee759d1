import type { ComplaintCommands } from '../../domain/complaint/command.js';
import type { Classification } from '../../domain/complaint/event.js';
import type { Bodies } from '../../domain/complaint/schema.js';
import type { Share } from '../../domain/complaint/terms.js';
import type { Satchel } from './satchel.js';

/** Commands whose body alone says what they carry; `investigate` may open something first, and has its own way. */
export type Carried = Exclude<keyof Bodies, 'investigate'>;

/** What travels of each body: codes, numbers and instants as they are, words as references (spec: case, commands). */
export const carry: { [Name in Carried]: (body: Bodies[Name], satchel: Satchel) => ComplaintCommands[Name] } = {
  accept: ({ note }, { maybe }) => ({ note: maybe(note) }),
  answer: ({ message, parts }, { put, together }) => ({ message: put(message), parts: parts ? together(parts) : null }),
  classify: ({ reason, ...changes }, satchel) => ({ changes: classification(changes, satchel), reason: satchel.put(reason) }),
  assign: ({ assignee, reason }, { put, person }) => ({ assignee: person(assignee, 'assignee'), reason: put(reason) }),
  transfer: ({ owner, reason }, { person }) => ({ owner: person(owner, 'owner'), reason }),
  dispatch: ({ department, request }, { put, code }) => ({ department: code('department', department, 'department'), text: put(request) }),
  plan: ({ request, plan }, { put }) => ({ request, plan: put(plan) }),
  return: ({ request, reason }, { put }) => ({ request, reason: put(reason) }),
  pause: ({ reason, note }, { maybe }) => ({ reason, note: maybe(note) }),
  resume: () => ({}),
  hear: ({ text, receivedAt }, { put }) => ({ text: put(text), receivedAt: receivedAt ?? null }),
  resolve: ({ solution, message, agreed, cost, reason }, { put, maybe }) =>
    ({ solution: put(solution), message: maybe(message), agreed, cost: cost ?? null, reason: maybe(reason) }),
  followUp: ({ satisfied, score, comment }, { maybe }) => ({ satisfied, score: score ?? null, comment: maybe(comment) }),
  finalize: ({ message, parts, externalRoute }, { put, together }) =>
    ({ message: put(message), parts: together(parts), externalRoute: put(externalRoute) }),
  attribute: ({ nature, shares, note }, satchel) => ({ nature, shares: sharesOf(shares, satchel), note: satchel.put(note) }),
  agree: ({ reason }, { maybe }) => ({ reason: maybe(reason) }),
  contest: ({ reason }, { put }) => ({ reason: put(reason) }),
  decide: ({ upheld, nature, shares, handling, note }, satchel) => ({
    upheld, nature: nature ?? null, shares: shares ? sharesOf(shares, satchel) : null,
    handling: satchel.put(handling), note: satchel.put(note),
  }),
  waive: ({ reason }, { put }) => ({ reason: put(reason) }),
  approveWaiver: () => ({}),
  refuseWaiver: ({ reason }, { put }) => ({ reason: put(reason) }),
  extend: ({ statute, extension, reason }, { put }) => ({ statute: statute ?? null, extension, reason: put(reason) }),
  approveExtension: ({ statute }) => ({ statute: statute ?? null }),
  refuseExtension: ({ statute, reason }, { put }) => ({ statute: statute ?? null, reason: put(reason) }),
  withdraw: ({ reason, message }, { put, maybe }) => ({ reason: put(reason), message: maybe(message) }),
  retractWithdrawal: () => ({}),
  acknowledge: () => ({}),
  note: ({ text }, { put }) => ({ text: put(text) }),
  close: () => ({}),
};

function sharesOf(shares: NonNullable<Bodies['decide']['shares']>, { put, code, person }: Satchel): Share[] {
  return shares.map(({ department, person: who, percent, conduct, evidence }, i) => ({
    department: code('department', department, `shares.${i}.department`),
    person: who ? person(who, `shares.${i}.person`) : null,
    percent, conduct, evidence: evidence ? { text: put(evidence.text), at: evidence.at } : null,
  }));
}

/** Only what the body names is changed; null takes a value away. */
function classification(body: Omit<Bodies['classify'], 'reason'>, { code, together }: Satchel): Partial<Classification> {
  const changes: Partial<Classification> = {};
  for (const kind of ['type', 'subtype', 'product', 'region', 'department'] as const) {
    const given = code(kind, body[kind], kind);
    if (given !== undefined) changes[kind] = given;
  }
  if (body.tier !== undefined) changes.tier = body.tier;
  if (body.flags !== undefined) changes.flags = body.flags;
  if (body.emotion !== undefined) changes.emotion = body.emotion;
  if (body.demand !== undefined) changes.demand = body.demand && together(body.demand);
  return changes;
}

/** Whom a body names, so that they can be looked up before it is unpacked. */
export function peopleIn(body: Bodies[Carried]): string[] {
  const named = ['assignee' in body ? body.assignee : null, 'owner' in body ? body.owner : null];
  const shares = 'shares' in body ? body.shares ?? [] : [];
  return [...named, ...shares.map((share) => share.person)].filter((sub) => typeof sub === 'string');
}
