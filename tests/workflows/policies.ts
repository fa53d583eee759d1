import { Policy } from '../../domain/policy/schema.js';

const forEver = { response: 'P1D', resolution: 'P1D', rung: 0 };

/** Days for everything, so that nothing fires unless a test waits for it. */
export const calm: Policy = Policy.parse({ name: 'calm', tiers: { general: forEver, serious: { ...forEver, rung: 1 }, urgent: { ...forEver, rung: 2 } } });

const seconds = { response: 'PT2S', resolution: 'PT8S', rung: 0, top: 2 };

/** Seconds for what the customer waits for: a case that nobody touches climbs to the top while one looks on. */
export const hasty: Policy = Policy.parse({
  name: 'hasty', tiers: { general: seconds, serious: seconds, urgent: seconds }, clocks: { acknowledge: 'PT2S' }, warnAt: [50],
  followUp: { every: 'PT2S' }, pause: { customer_information: 'PT2S' },
  ladder: [{ clock: 'response', on: 'breach', raise: 1 }, { clock: 'acknowledge', on: 'breach', raise: 1 }, { cause: 'returned', to: 1 }],
});

/** A regulator's limit, and days for everything else. */
export const bank: Policy = Policy.parse({ ...calm, name: 'bank', statutory: ['cn-financial'], ladder: undefined, tiers: { general: forEver, serious: forEver, urgent: forEver } });

/** What a case is under before it is put under `desk`. */
export const before: Policy = { ...calm, name: 'before' };

/** The hours of the office that ships. */
export const desk: Policy = Policy.parse({
  name: 'desk', calendar: 'office', tiers: { general: { response: 'PT40H', resolution: { businessDays: 20 } }, serious: {}, urgent: { calendar: null } },
});
