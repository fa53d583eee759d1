import type { Agreement } from '../policy/agreement.js';
import { followUpAttempts, followUpEveryMs } from '../policy/budgets.js';
import { nextDeadline as nextOfClock, type Clock } from '../sla/clock.js';
import { latest, plus, type Instant } from '../time.js';
import { resuming, stopping } from './clocks.js';
import { begin, bySystem, emit, type Course } from './course.js';
import type { ComplaintEvent } from './event.js';
import { climb } from './ladder.js';
import { settle } from './settle.js';
import type { Complaint } from './state.js';

/** Something that happens by itself at an instant. At one instant, what ends a wait comes before a breach: on time is in time. */
interface Deadline {
  at: Instant;
  pass(course: Course): void;
}

/** The earliest instant at which the case does something by itself; null when it only waits. */
export function nextDeadline(state: Complaint, agreement: Agreement): Instant | null {
  return first(begin(state, agreement))?.at ?? null;
}

/**
 * Everything that was due strictly before `until`, in order, each with its own instant (spec: sla, whose time).
 * What was missed while everything was down comes out here when it is back.
 */
export function pass(course: Course, until: Instant): void {
  for (let next = first(course); next && next.at < until; next = first(course)) {
    next.pass(course);
    settle(course, next.at);
    if (course.state.closedAt) return;
  }
}

/** As `pass`, for a case on its own: the events of its timer. */
export function advance(state: Complaint, agreement: Agreement, until: Instant): ComplaintEvent[] {
  const course = begin(state, agreement);
  if (!state.closedAt) pass(course, until);
  return course.events;
}

function first(course: Course): Deadline | undefined {
  return [...followUps(course), ...pauseEnd(course), ...course.state.clocks.flatMap((clock) => ofClock(course, clock))].reduce<
    Deadline | undefined
  >((soonest, one) => (soonest && soonest.at <= one.at ? soonest : one), undefined);
}

function ofClock(course: Course, clock: Clock): Deadline[] {
  const next = nextOfClock(clock, course.agreement.hours);
  if (!next) return [];
  const { id, name } = clock;
  if (next.kind === 'warning') {
    const { at, percent } = next;
    return [
      {
        at,
        pass: (now) => {
          emit(now, { ...bySystem(at), type: 'clock_warned', data: { clock: id, name, percent } });
          climb(now, clock, `warning:${percent}`, latest(at, now.state.lastAt));
        },
      },
    ];
  }
  return [
    {
      at: next.at,
      pass: (now) => {
        emit(now, { ...bySystem(next.at), type: 'clock_breached', data: { clock: id, name, dueAt: next.at } });
        // a limit that a change has put into the past was passed then; who is asked to act is asked now
        climb(now, clock, 'breach', latest(next.at, now.state.lastAt));
      },
    },
  ];
}

/** A pause has a longest duration; past it the clock resumes by itself (spec: sla, pausing). */
function pauseEnd({ state }: Course): Deadline[] {
  if (!state.paused) return [];
  const at = state.paused.until;
  return [
    { at, pass: (now) => emit(now, { ...bySystem(at), type: 'resumed', data: { cause: 'limit', from: at, clocks: resuming(now, at) } }) },
  ];
}

/** Attempts at 0, 1 and 2 intervals; `unanswered` at the end of the last (L1.11; the attempt at 0 is part of `resolve`). */
function followUps({ state, policy }: Course): Deadline[] {
  if (state.tracks.customer !== 'resolved' || state.resolvedAt === null) return [];
  const made = state.followUp.attempts;
  const of = followUpAttempts(policy);
  const every = followUpEveryMs(policy);
  const { from } = state.followUp;
  // under another policy the rest of its attempts are counted from when that came to hold
  const at = latest(plus(state.resolvedAt, made * every), from ? plus(from.at, (made - from.made) * every) : '');
  if (made < of)
    return [{ at, pass: (now) => emit(now, { ...bySystem(at), type: 'follow_up_attempted', data: { attempt: made + 1, of } }) }];
  return [{ at, pass: (now) => emit(now, { ...bySystem(at), type: 'unanswered', data: { clocks: stopping(now, ['followUp'], at) } }) }];
}
