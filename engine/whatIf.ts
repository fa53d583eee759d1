import { setImmediate } from 'node:timers/promises';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import { outcomeOf, relive, stepsOf, type Outcome, type Relived } from '../domain/complaint/whatIf.js';
import type { Agreement, CalendarVersions } from '../domain/policy/agreement.js';
import type { Policy } from '../domain/policy/schema.js';
import type { Instant } from '../domain/time.js';
import { agreementWith } from '../prisma/agreements.js';
import type { Database } from '../prisma/database.js';
import { pastCases, type PastCase, type PastFilter } from '../prisma/pastCases.js';

/** What another policy would have made of a case. */
export interface WhatIf {
  complaint: string;
  tier: string;
  receivedAt: Instant;
  /** whether it can be told: a case that came without its filing cannot be lived again */
  known: boolean;
  differs: boolean;
  recorded: Outcome;
  whatIf: Outcome;
  /** commands that were taken then and would have been refused */
  impossible: Relived['impossible'];
}

export interface WhatIfPage {
  items: WhatIf[];
  totals: { cases: number; unknown: number; differing: number; breaches: Counted; escalations: Counted };
  next: string | null;
}

interface Counted {
  recorded: number;
  whatIf: number;
}

/** Lives a page of cases again under a policy and its calendars: which breaches and escalations would have differed (spec: evidence, 7). */
export async function whatIf(
  database: Database, { policy, calendars }: { policy: Policy; calendars: CalendarVersions }, filter: PastFilter,
  page: { limit: number; cursor: string | null }, now: Instant,
): Promise<WhatIfPage> {
  const agreement = await agreementWith(database, policy, calendars);
  const { items: cases, next } = await pastCases(database, filter, page);
  const items: WhatIf[] = [];
  for (const one of cases) {
    items.push(ofCase(agreement, one, now));
    // others want to be served meanwhile
    await setImmediate();
  }
  const told = items.filter(({ known }) => known);
  const counted = (field: keyof Outcome): Counted => ({
    recorded: sum(told.map((one) => one.recorded[field])), whatIf: sum(told.map((one) => one.whatIf[field])),
  });
  return {
    items, next,
    totals: {
      cases: items.length, unknown: items.length - told.length, differing: told.filter(({ differs }) => differs).length,
      breaches: counted('breaches'), escalations: counted('escalations'),
    },
  };
}

function ofCase(agreement: Agreement, { state, events, file, commands }: PastCase, now: Instant): WhatIf {
  const recorded = outcomeOf(events);
  const about = { complaint: state.id, tier: state.tier, receivedAt: state.receivedAt, recorded };
  if (file === null) return { ...about, known: false, differs: false, whatIf: recorded, impossible: [] };
  const { events: lived, impossible } = relive(file, stepsOf(events, commands), agreement, untilOf(events, state.closedAt, now));
  const would = outcomeOf(lived);
  return { ...about, known: true, differs: JSON.stringify(would) !== JSON.stringify(recorded), whatIf: would, impossible };
}

/** A closed case is compared up to its close; an open one up to now. */
function untilOf(events: readonly ComplaintEvent[], closedAt: Instant | null, now: Instant): Instant {
  return closedAt === null ? now : (events.at(-1)?.at ?? now);
}

function sum(lists: readonly (readonly unknown[])[]): number {
  return lists.reduce((all, list) => all + list.length, 0);
}
