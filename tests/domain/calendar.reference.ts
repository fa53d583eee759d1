import type { Calendar, Interval } from '../../domain/calendar/calendar.js';
import { weekdays } from '../../domain/calendar/calendar.js';
import type { OpenTime } from '../../domain/sla/openTime.js';
import { instant, millis, type Instant } from '../../domain/time.js';

const MINUTE = 60_000;

/** The minutes of some days in a zone, each with what a wall clock there shows, as Intl tells it: slow, and without our arithmetic. */
export interface Days {
  zone: string;
  /** the first minute, in milliseconds since the epoch */
  from: number;
  /** of each minute from then on: the local date and the minutes after midnight */
  wall: { date: string; minute: number }[];
}

export function daysOf(zone: string, from: string, days: number): Days {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  });
  const start = Date.parse(from);
  const wall = Array.from({ length: days * 1440 }, (_, n) => {
    const parts = Object.fromEntries(format.formatToParts(start + n * MINUTE).map(({ type, value }) => [type, value]));
    return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
  });
  return { zone, from: start, wall };
}

/** Which of the minutes are open, found by looking at each of them. */
export function openMinutes({ wall }: Days, calendar: Pick<Calendar, 'week' | 'holidays' | 'workdays'>): boolean[] {
  const open = wall.map(() => false);
  for (const date of new Set(wall.map((one) => one.date))) {
    for (const [from, to] of hoursOn(date, calendar)) {
      const [first, end] = [minuteAt(wall, date, minutes(from)), minuteAt(wall, date, minutes(to))];
      for (let n = first; n < end; n += 1) open[n] = true;
    }
  }
  return open;
}

export function hoursOn(date: string, { week, holidays, workdays }: Pick<Calendar, 'week' | 'holidays' | 'workdays'>): Interval[] {
  const weekday = weekdays[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7]!;
  return workdays[date] ?? (holidays.includes(date) ? [] : (week[weekday] ?? []));
}

/** The first minute that the wall clock shows this; where it skips it, as much later as it skips. */
function minuteAt(wall: Days['wall'], date: string, minute: number): number {
  if (minute === 1440) {
    const last = wall.findLastIndex((one) => one.date === date);
    return last + 1;
  }
  const shown = wall.findIndex((one) => one.date === date && one.minute === minute);
  if (shown >= 0) return shown;
  const after = wall.findIndex((one) => one.date > date || (one.date === date && one.minute > minute));
  // before or after all of these days
  if (after <= 0) return after < 0 ? wall.length : 0;
  const skipped = wall[after]!.minute - wall[after - 1]!.minute - 1;
  return minuteAt(wall, date, minute + skipped);
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Open milliseconds between two instants, minute by minute. */
export function slowBetween(days: Days, open: readonly boolean[], from: number, to: number): number {
  let sum = 0;
  for (const [n, isOpen] of open.entries()) {
    const at = days.from + n * MINUTE;
    if (isOpen) sum += Math.max(0, Math.min(to, at + MINUTE) - Math.max(from, at));
  }
  return sum;
}

/** When so much open time has passed, minute by minute; null when these days are over before. */
export function slowAfter(days: Days, open: readonly boolean[], from: number, ms: number): number | null {
  let left = ms;
  if (left <= 0) return from;
  for (const [n, isOpen] of open.entries()) {
    const at = days.from + n * MINUTE;
    if (!isOpen || at + MINUTE <= from) continue;
    const here = at + MINUTE - Math.max(from, at);
    if (left <= here) return Math.max(from, at) + left;
    left -= here;
  }
  return null;
}

/** Open time by looking at each minute of so many days from `from` on; it knows nothing of other days. */
export function slowOpenTime(calendar: Pick<Calendar, 'zone' | 'week' | 'holidays' | 'workdays'>, from: Instant, days: number): OpenTime {
  const looked = daysOf(calendar.zone, from, days);
  const open = openMinutes(looked, calendar);
  return {
    between: (one, other) => slowBetween(looked, open, millis(one), millis(other)),
    after(start, ms) {
      const at = slowAfter(looked, open, millis(start), ms);
      return at === null ? null : instant(at);
    },
    closingAfter: () => null,
  };
}
