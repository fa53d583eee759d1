import type { Clock, ClockChange, LedgerEntry } from './clock.js';

/** The clocks after these changes, in order. Throws when a change names a clock that is not there, or starts one that is. */
export function applyClockChanges(clocks: Clock[], changes: ClockChange[]): Clock[] {
  return changes.reduce<Clock[]>((now, change) => {
    const known = now.find((clock) => clock.id === change.id) ?? null;
    const next = applyClockChange(known, change);
    return known ? now.map((clock) => (clock === known ? next : clock)) : [...now, next];
  }, clocks);
}

/** One clock after one change. A clock that has ended stays as it is, and a clock that is not pausable is never held. */
export function applyClockChange(clock: Clock | null, change: ClockChange): Clock {
  if (change.op === 'start') {
    if (clock) throw new RangeError(`clock ${change.id} has been started before`);
    const { op: _op, at, dueAt: _dueAt, warnAt, ...start } = change;
    return { warnAt: [...warnAt], startedAt: at, log: [], warned: [], breachedAt: null, end: null, ...start };
  }
  if (!clock) throw new RangeError(`there is no clock ${change.id}`);
  if (clock.end !== null) return clock;
  const { at, op } = change;
  switch (op) {
    case 'pause':
    case 'resume':
      return clock.pausable ? { ...clock, log: inOrder(clock.log, { at, type: op }) } : clock;
    case 'stop':
      return { ...clock, log: [...clock.log, { at, type: 'stop' }], end: 'stopped' };
    case 'cancel':
      return { ...clock, log: [...clock.log, { at, type: 'stop' }], end: 'cancelled' };
    case 'budget': {
      const { budgetMs, calendar, warned = clock.warned, warnAt = clock.warnAt } = change;
      return { ...clock, budgetMs, warned, warnAt, log: calendar === undefined ? clock.log : [...clock.log, { at, type: 'calendar', calendar }] };
    }
  }
}

/** The ledger with one more entry: after all that it knows, but before a move to another calendar that is dated later. */
function inOrder(log: LedgerEntry[], entry: LedgerEntry): LedgerEntry[] {
  const later = log.findIndex(({ at, type }) => type === 'calendar' && at > entry.at);
  return later < 0 ? [...log, entry] : [...log.slice(0, later), entry, ...log.slice(later)];
}
