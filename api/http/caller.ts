import type { Actor, Role } from '../../domain/event.js';

/** Who asks, as their token or key says. A channel is known by the name of its key. */
export interface Caller {
  sub: string;
  roles: readonly Role[];
  department: string | null;
  /** of a supervisor; null for everybody else */
  rung: number | null;
}

/** Roles from the one that may do most in a case to the one that may do least. */
const strength: readonly Role[] = ['supervisor', 'quality', 'agent', 'department', 'admin', 'auditor', 'channel'];

/** The strongest of the caller's roles that is among `roles`; null when none is. */
export function roleAmong(caller: Caller, roles: readonly Role[]): Role | null {
  return strength.find((role) => roles.includes(role) && caller.roles.includes(role)) ?? null;
}

/** The role in which somebody acts whom a case entitles by name; null for one whose roles change nothing, or only file. */
export function entitledRole(caller: Caller): Role | null {
  return caller.roles.find((role) => role !== 'auditor' && role !== 'channel') ?? null;
}

export function actorOf(caller: Caller, role: Role): Actor {
  return { by: caller.sub, role, rung: role === 'supervisor' ? caller.rung : null, department: caller.department };
}

/** Somebody with a tracking code and nothing else. */
export const customer: Actor = { by: 'customer', role: 'customer', rung: null, department: null };
