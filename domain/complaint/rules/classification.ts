import { rungOf } from '../../policy/budgets.js';
import { forbidden } from '../../refusal.js';
import { cancelling, isElsewhere, rebudgeting, starting } from '../clocks.js';
import { byCommand, emit, type Course } from '../course.js';
import type { Classification } from '../event.js';
import { climbFor, raise } from '../ladder.js';
import { isHandled } from '../standing.js';
import { tiers, type Tier } from '../terms.js';
import { tierOfFlags, worse } from '../triage.js';
import type { Rule } from './rule.js';

/**
 * Sets codes, flags and tier, and plans the clocks anew. A flag that is newly set raises the tier as it would have at intake;
 * only a supervisor lowers it (L1.6; spec: sla, policy).
 */
export const classify: Rule<'classify'> = (course, command, at) => {
  const before = course.state;
  const changes = merged(course, command.data.changes);
  const tier = changes.tier ?? before.tier;
  const lowered = tiers.indexOf(tier) < tiers.indexOf(before.tier);
  if (lowered && command.role !== 'supervisor')
    return forbidden('tier-lowering', 'Only a supervisor lowers a tier; ask one to classify the case.');

  const stamp = byCommand(command, at);
  const clocks = [...(tier === before.tier ? [] : rebudgeting(course, tier, at)), ...handover(course, changes.department, tier, at)];
  emit(course, { ...stamp, type: 'classified', data: { changes, reason: command.data.reason, clocks } });
  const rung = rungOf(course.policy, tier);
  if (tiers.indexOf(tier) > tiers.indexOf(before.tier) && rung > course.state.rung) raise(course, { cause: 'tier', to: rung }, stamp);
  if (changes.flags?.mediaThreat && !before.flags.mediaThreat) climbFor(course, 'media', stamp);
  return undefined;
};

/** Flags add to those set before; the worse of the tier asked for and the tier of the new flags holds. */
function merged({ state }: Course, asked: Partial<Classification>): Partial<Classification> {
  if (!asked.flags) return asked;
  const { tier: wanted, ...rest } = asked;
  const newly = tierOfFlags(
    Object.fromEntries(Object.entries(asked.flags).filter(([flag, set]) => set && !state.flags[flag as keyof typeof asked.flags])),
  );
  const tier = worse(wanted ?? state.tier, newly);
  return { ...rest, flags: { ...state.flags, ...asked.flags }, ...(tier === state.tier ? {} : { tier }) };
}

/** A department that is not the owner's must be handed the case in time (L1.7); the owner's own needs no hand-over. */
function handover(course: Course, department: string | null | undefined, tier: Tier, at: string) {
  const { state } = course;
  if (department === undefined || department === state.department) return [];
  if (!isElsewhere(department, state.ownerDepartment)) return cancelling(course, ['dispatch'], at);
  const waiting = state.clocks.some((clock) => clock.name === 'dispatch' && clock.end === null);
  const asked = state.requests.some((request) => request.department === department && request.state !== 'returned');
  return waiting || asked || !isHandled(state) ? [] : [starting(course, 'dispatch', at, { tier })];
}
