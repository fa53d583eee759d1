import type { Calendar } from '../calendar/calendar.js';
import { openTimeOf } from '../calendar/openTime.js';
import type { Tier } from '../complaint/terms.js';
import type { Allowance, PlannedClock } from '../sla/clock.js';
import { aroundTheClock, type Hours, type OpenTime } from '../sla/openTime.js';
import { duration, plus, type Instant } from '../time.js';
import { budgetOf, calendarNameOf, LONGEST_MS } from './budgets.js';
import type { Budget, Policy, Statute } from './schema.js';

/** What a case has pinned, as data: it travels in the input of its workflow, under 4 KB (design: rules of the engine). */
export interface Pinned {
  policy: Policy;
  /** the version of each calendar that the policy names, by that name; absent when it names none */
  versions?: CalendarVersions;
  /** by id, cut to what the case can need; also those that only clocks of an earlier policy have been on */
  calendars?: Record<string, Calendar>;
}

export type CalendarVersions = Record<string, number>;

export type Extension = NonNullable<Statute['extensions']>[number];

/** A policy and its calendars, ready to plan clocks by: what a case is held to. */
export interface Agreement {
  readonly policy: Policy;
  readonly hours: Hours;
  /** How much open time a clock that starts at `from` has in this tier, and on which calendar (spec: sla, the clocks of a complaint). */
  allowance(clock: PlannedClock, tier: Tier, from: Instant): Allowance;
  /** As `allowance`, of a regulator's limit. */
  within(statute: Statute, from: Instant): Allowance;
  /** When a limit that counts from `from` and is due at `due` is due after an extension; null beyond the years of its calendar. */
  extended(statute: Statute, extension: Extension, limit: { from: Instant; due: Instant }): Instant | null;
}

/** @param hours the open time of the calendars, where it is laid out already */
export function agreementOf({ policy, versions = {}, calendars = {} }: Pinned, hours: Hours = hoursOf(calendars)): Agreement {
  // a name that nothing is pinned for is around the clock: so decided who filed the case, before calendars were
  const idOf = (name: string | null | undefined): string | null => {
    const version = typeof name === 'string' && Object.hasOwn(versions, name) ? versions[name] : undefined;
    return typeof name === 'string' && version !== undefined ? calendarId(name, version) : null;
  };
  return {
    policy,
    hours,
    within({ calendar: name, within }, from) {
      const calendar = idOf(name);
      return allowanceOf(within, calendar, hours, from);
    },
    extended({ calendar: name }, { to, by }, { from, due }) {
      const open = hours(idOf(name));
      if (to !== undefined) return endOf(to, open, from, from);
      // a limit that is due as a day ends belongs to that day
      return by === undefined ? due : endOf(by, open, due, plus(due, -1));
    },
    allowance(clock, tier, from) {
      const calendar = idOf(calendarNameOf(policy, clock, tier));
      return allowanceOf(budgetOf(policy, clock, tier), calendar, hours, from);
    },
  };
}

/** What is pinned after another policy has taken the place of one: with the calendars of both, for ledgers go back. */
export function replaced({ calendars: before }: Pinned, { policy, versions, calendars }: Pinned): Pinned {
  const all = { ...before, ...calendars };
  return { policy, ...(versions && { versions }), ...(Object.keys(all).length > 0 && { calendars: all }) };
}

/** The same without the calendars that nothing names any more. */
export function narrowed({ policy, versions, calendars = {} }: Pinned, ids: readonly string[]): Pinned {
  const kept = Object.fromEntries(Object.entries(calendars).filter(([id]) => ids.includes(id)));
  return { policy, ...(versions && { versions }), ...(Object.keys(kept).length > 0 && { calendars: kept }) };
}

/** How ledgers name a published calendar. */
export function calendarId(name: string, version: number): string {
  return `${name}/${version}`;
}

/** The open time of these calendars by id, each laid out when it is first asked for. */
export function hoursOf(calendars: Readonly<Record<string, Calendar>>): Hours {
  const laid = new Map<string, OpenTime>();
  return (id) => {
    if (id === null) return aroundTheClock;
    const known = laid.get(id);
    if (known) return known;
    const calendar = Object.hasOwn(calendars, id) ? calendars[id] : undefined;
    if (!calendar) throw new RangeError(`there is no calendar ${id}`);
    const open = openTimeOf(calendar);
    laid.set(id, open);
    return open;
  };
}

function allowanceOf(budget: Budget, calendar: string | null, hours: Hours, from: Instant): Allowance {
  const budgetMs = openMs(budget, hours(calendar), from);
  return typeof budget === 'string' ? { calendar, budgetMs } : { calendar, budgetMs, inDays: true };
}

/** When so much open time from `from` on is over; business days are counted after the day of `day`. */
function endOf(budget: Budget, open: OpenTime, from: Instant, day: Instant): Instant | null {
  return typeof budget === 'string' ? open.after(from, duration(budget)) : open.closingAfter(day, budget.businessDays);
}

/**
 * A budget in open milliseconds. So many business days end at closing time of that open day after the one of `from`; beyond the years
 * that the calendar covers there is no such time, and the budget is longer than any that the calendar can use up.
 */
function openMs(budget: Budget, open: OpenTime, from: Instant): number {
  if (typeof budget === 'string') return duration(budget);
  const closing = open.closingAfter(from, budget.businessDays);
  return closing === null ? LONGEST_MS : open.between(from, closing);
}
