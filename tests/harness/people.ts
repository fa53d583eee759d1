import type { Actor } from '../../domain/event.js';

/** Who acts in the tests of the workflows, and in the histories that are kept. */
export const web: Actor = { by: 'web', role: 'channel', rung: null, department: null };
export const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
export const ben: Actor = { by: 'ben', role: 'agent', rung: null, department: null };
export const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };
export const sam: Actor = { by: 'sam', role: 'supervisor', rung: 2, department: null };
export const eve: Actor = { by: 'eve', role: 'supervisor', rung: 3, department: null };
export const lou: Actor = { by: 'lou', role: 'department', rung: null, department: 'logistics' };
export const pat: Actor = { by: 'pat', role: 'department', rung: null, department: 'production' };
export const quinn: Actor = { by: 'quinn', role: 'quality', rung: null, department: null };
export const qi: Actor = { by: 'qi', role: 'quality', rung: null, department: null };
export const customer: Actor = { by: 'customer', role: 'customer', rung: null, department: null };
