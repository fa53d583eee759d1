import type { Policy } from './schema.js';

/** The policy a fresh set-up starts with: the values of L1.6, L1.7 and L1.11. A serious case is slower than a general one on purpose. */
export const defaultPolicy: Policy = {
  name: 'default',
  calendar: null,
  tiers: {
    general: { response: 'PT30M', resolution: 'PT24H', rung: 0, top: 2 },
    serious: { response: 'PT1H', resolution: 'PT48H', rung: 1, top: 3 },
    urgent: { response: 'PT10M', resolution: 'PT2H', rung: 3, top: 3, plan: 'PT30M', acknowledge: 'PT5M' },
  },
  clocks: { dispatch: 'PT10M', plan: 'PT2H', followUp: 'PT24H', acknowledge: 'PT30M', attribution: 'P5D', cause: 'P30D' },
  calendars: {},
  warnAt: [50, 75, 90],
  ladder: [
    { clock: 'response', on: 'breach', raise: 1 },
    { clock: 'resolution', on: 'warning:90', raise: 1 },
    { clock: 'resolution', on: 'breach', raise: 1 },
    { clock: 'dispatch', on: 'breach', raise: 1 },
    { clock: 'plan', on: 'breach', raise: 1 },
    { clock: 'acknowledge', on: 'breach', raise: 1 },
    { clock: 'followUp', on: 'breach', raise: 1 },
    { clock: 'attribution', on: 'breach', raise: 1 },
    { clock: 'cause', on: 'breach', raise: 1 },
    { cause: 'media', to: 2 },
    { cause: 'customer', to: 1 },
    { cause: 'dissatisfied', raise: 1 },
    { cause: 'returned', to: 1 },
  ],
  followUp: { attempts: 3, every: 'PT8H', dissatisfiedRaisesAt: 2, finalFromCycle: 3 },
  contestWindow: 'P3D',
  pause: { customer_information: 'P14D', customer_availability: 'P7D' },
  repeat: { window: 'P90D' },
  whys: { least: 3, most: 8 },
};
