import { contestWindowMs } from '../../policy/budgets.js';
import type { Refusal } from '../../refusal.js';
import { conflict, invalid } from '../../refusal.js';
import { plus } from '../../time.js';
import { starting, stopping } from '../clocks.js';
import { byCommand, emit, type Course } from '../course.js';
import type { Responsibility } from '../state.js';
import type { Share } from '../terms.js';
import type { Rule } from './rule.js';

/** Proposes who is responsible (L2.1, L2.2, L2.4). Nobody, while the customer's side is not right. */
export const attribute: Rule<'attribute'> = (course, command, at) => {
  const { state, policy } = course;
  const late = lateEvidence(course, command.data.shares);
  if (late) return late;
  const { responsibility } = state.tracks;
  if (responsibility === 'waiting')
    return conflict('customer-first', 'The customer’s side comes first; resolve the case before asking whose fault it is.');
  if (responsibility !== 'open') return conflict('already-attributed', 'A proposal has been made; it is agreed to, contested and decided.');
  emit(course, {
    ...byCommand(command, at),
    type: 'attributed',
    data: { ...command.data, contestUntil: plus(at, contestWindowMs(policy)) },
  });
  return undefined;
};

export const agree: Rule<'agree'> = (course, command, at) => {
  const department = named(course, command.department);
  if (typeof department !== 'string') return department;
  emit(course, { ...byCommand(command, at), type: 'agreed', data: { department, reason: command.data.reason } });
  return undefined;
};

/** A department contests once; somebody who is no party decides (L2.5). */
export const contest: Rule<'contest'> = (course, command, at) => {
  const department = named(course, command.department);
  if (typeof department !== 'string') return department;
  if (at > (course.state.responsibility?.contestUntil ?? at)) return conflict('contest-window-over', 'The time to contest has passed.');
  emit(course, { ...byCommand(command, at), type: 'contested', data: { department, reason: command.data.reason } });
  return undefined;
};

/** Decides the responsibility and opens level 3 (L2.2, L2.3). */
export const decideResponsibility: Rule<'decide'> = (course, command, at) => {
  const late = lateEvidence(course, command.data.shares ?? []);
  if (late) return late;
  const proposal = proposed(course);
  if ('refusal' in proposal) return proposal;
  const nature = command.data.nature ?? proposal.nature;
  const shares = command.data.shares ?? proposal.shares;
  const refused =
    isParty([...proposal.shares, ...shares], command) ?? undecidable(proposal, command.by, at);
  if (refused) return refused;
  const { upheld, handling, note } = command.data;
  const clocks = [...stopping(course, ['attribution'], at), starting(course, 'cause', at)];
  emit(course, { ...byCommand(command, at), type: 'decided', data: { upheld, nature, shares, handling, note, clocks } });
  return undefined;
};

function proposed({ state }: Course): Responsibility | { refusal: Refusal } {
  const { responsibility, tracks } = state;
  if (tracks.responsibility === 'decided') return conflict('already-decided', 'Responsibility has been decided.');
  return responsibility ?? conflict('not-attributed', 'No proposal has been made; attribute the case first.');
}

function named(course: Course, department: string | null): string | { refusal: Refusal } {
  const proposal = proposed(course);
  if ('refusal' in proposal) return proposal;
  if (department === null || !proposal.shares.some((share) => share.department === department)) {
    return conflict('no-share', 'Your department has no share in this proposal.');
  }
  const spoken = proposal.agreed.includes(department) || proposal.contested.includes(department);
  return spoken ? conflict('already-spoken', 'Your department has agreed or contested already.') : department;
}

/** Finding the problem oneself counts only when it was before the complaint (L2.4). */
function lateEvidence({ state }: Course, shares: Share[]): { refusal: Refusal } | undefined {
  const late = shares.findIndex(
    ({ conduct, evidence }) => conduct === 'self_found' && (evidence === null || evidence.at >= state.receivedAt),
  );
  return late < 0
    ? undefined
    : invalid(
        'evidence-late',
        `shares.${late}.evidence.at`,
        'What a department found itself must be dated before the complaint was received.',
      );
}

function isParty(shares: Share[], { by, department }: { by: string; department: string | null }): { refusal: Refusal } | undefined {
  const party = shares.some((share) => share.person === by || share.department === department);
  return party
    ? conflict('party', 'Somebody named in a share, or of a department that is, does not decide; ask another supervisor.')
    : undefined;
}

function undecidable(
  { shares, agreed, contested, contestUntil, proposedBy }: Responsibility,
  by: string,
  at: string,
): { refusal: Refusal } | undefined {
  const silent = shares.some(({ department }) => !agreed.includes(department) && !contested.includes(department));
  if (silent && at <= contestUntil)
    return conflict('departments-not-heard', `Each named department may agree or contest until ${contestUntil}.`);
  return contested.length > 0 && by === proposedBy
    ? conflict('proposer', 'A contested case is not decided by who proposed; ask another supervisor.')
    : undefined;
}
