import type { Role } from '../event.js';
import { Bodies } from './schema.js';

/** A command that people and machines give over HTTP. */
export type HttpCommand = Exclude<keyof Bodies, 'retractWithdrawal'>;

export interface Permission {
  /** the command's name in a URL */
  path: string;
  /** roles that may give it at all; what the case itself asks for (owner, that department, no party) is decided by the rules */
  roles: readonly Role[];
  /** its owner and its assignee may give it too, whatever their role */
  hands?: true;
  summary: string;
}

const staff = ['agent', 'department', 'supervisor', 'quality', 'admin'] as const satisfies readonly Role[];

/** Who may give which command (spec: case, commands). An auditor gives none. */
export const permissions: { [Name in HttpCommand]: Permission } = {
  accept: { path: 'accept', roles: ['agent', 'supervisor'], summary: 'Become the first-contact owner of what a channel filed' },
  answer: { path: 'answer', roles: ['agent', 'supervisor'], hands: true, summary: 'Send a message to the customer' },
  classify: { path: 'classify', roles: ['agent', 'supervisor'], summary: 'Change type, tier, flags, department or demand' },
  assign: { path: 'assign', roles: ['supervisor'], summary: 'Give the work to somebody; the owner stays' },
  transfer: { path: 'transfer', roles: ['supervisor'], summary: 'Give the case another first-contact owner' },
  dispatch: { path: 'dispatch', roles: ['agent', 'supervisor'], hands: true, summary: 'Ask a department for a plan' },
  plan: { path: 'plan', roles: ['department'], summary: 'Answer a request with a plan' },
  return: { path: 'return', roles: ['department'], summary: 'Return a request to the arbiter' },
  pause: { path: 'pause', roles: ['agent', 'supervisor'], hands: true, summary: 'Wait for the customer' },
  resume: { path: 'resume', roles: ['agent', 'supervisor'], hands: true, summary: 'Go on after a pause' },
  hear: { path: 'hear', roles: ['channel', 'agent'], summary: 'Record an inbound message; after the close it opens a new case' },
  resolve: { path: 'resolve', roles: ['agent', 'supervisor'], hands: true, summary: 'Tell the customer the solution' },
  followUp: { path: 'follow-up', roles: staff, summary: 'Enter the answer to the follow-up' },
  finalize: { path: 'finalize', roles: ['supervisor'], summary: 'Give the final answer, from cycle 3 and rung 2' },
  attribute: { path: 'attribute', roles: ['supervisor', 'quality'], summary: 'Propose nature and shares of the responsibility' },
  agree: { path: 'agree', roles: ['department'], summary: 'Agree to a share' },
  contest: { path: 'contest', roles: ['department'], summary: 'Contest a share, once' },
  decide: { path: 'decide', roles: ['supervisor'], summary: 'Decide the responsibility' },
  investigate: { path: 'investigate', roles: ['quality', 'supervisor'], summary: 'Link to an investigation, or open one' },
  waive: { path: 'waive', roles: ['supervisor'], summary: 'Ask to close without level 3' },
  approveWaiver: { path: 'approve-waiver', roles: ['supervisor'], summary: 'Approve the waiver of another supervisor' },
  refuseWaiver: { path: 'refuse-waiver', roles: ['supervisor'], summary: 'Refuse the waiver of another supervisor' },
  extend: { path: 'extend', roles: ['agent', 'supervisor'], hands: true, summary: 'Take more time under a regulator’s rule, or ask for it' },
  approveExtension: { path: 'approve-extension', roles: ['supervisor'], summary: 'Approve an extension that another asked for' },
  refuseExtension: { path: 'refuse-extension', roles: ['supervisor'], summary: 'Refuse an extension that another asked for' },
  withdraw: { path: 'withdraw', roles: ['agent'], summary: "Withdraw with the customer's message" },
  acknowledge: { path: 'acknowledge', roles: ['supervisor'], summary: 'Acknowledge every open escalation up to your rung' },
  note: { path: 'note', roles: [...staff, 'channel'], summary: 'Leave an internal note' },
  close: { path: 'close', roles: ['supervisor', 'quality'], summary: 'Close, or hear what is missing' },
};

export const httpCommands: readonly HttpCommand[] = Object.keys(Bodies).filter((name): name is HttpCommand => name in permissions);

/** A supervisor's signal; the owner may raise to 1 (L1.14). */
export const escalators: readonly Role[] = ['supervisor', 'agent'];

/** Who may file a complaint; staff who file it own it (L1.5). */
export const filers: readonly Role[] = ['supervisor', 'agent', 'channel'];
