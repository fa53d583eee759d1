import type { WrittenPolicy } from '../../domain/policy/schema.js';

/** What a customer's wait is measured in here, so that a script can wait for what it wants to see. */
export const rehearsalSeconds = { response: 8, resolution: 30, acknowledge: 6, followUpEvery: 5 } as const;

const { response, resolution, acknowledge, followUpEvery } = rehearsalSeconds;

/**
 * The policy of the demo, in seconds. Levels 2 and 3 are not hurried: most cases wait there when the demo is over,
 * and shall not climb the ladder while somebody looks at them.
 */
export const rehearsalPolicy: WrittenPolicy = {
  name: 'rehearsal',
  tiers: {
    general: { response: seconds(response), resolution: seconds(resolution), rung: 0, top: 2 },
    serious: { response: seconds(response), resolution: seconds(resolution), rung: 1, top: 3 },
    urgent: { response: seconds(response - 2), resolution: seconds(resolution - 5), rung: 3, top: 3 },
  },
  clocks: { dispatch: 'PT10S', plan: 'PT15S', followUp: seconds(4 * followUpEvery), acknowledge: seconds(acknowledge), attribution: 'PT1H', cause: 'PT2H' },
  followUp: { every: seconds(followUpEvery) },
  contestWindow: 'PT30S',
  pause: { customer_information: 'PT30S', customer_availability: 'PT15S' },
};

function seconds(count: number): string {
  return `PT${count}S`;
}
