import { z } from 'zod';

/** What a case costs, counted and not timed: the same on every machine. */
export const Counts = z.strictObject({
  /** events in the history of a case that was accepted, answered and resolved */
  eventsToResolved: z.number(),
  /** … and followed up */
  eventsToFollowedUp: z.number(),
  /** … and of the same case to its close */
  eventsToClosed: z.number(),
  /** updates that the engine took, for each command */
  updatesPerCommand: z.number(),
  /** transactions that wrote to Postgres, for each command */
  transactionsPerCommand: z.number(),
});
export type Counts = z.infer<typeof Counts>;

const meaning: Record<keyof Counts, string> = {
  eventsToResolved: 'history events to resolved',
  eventsToFollowedUp: 'history events to followed up',
  eventsToClosed: 'history events to closed',
  updatesPerCommand: 'updates for a command',
  transactionsPerCommand: 'write transactions for a command',
};

/** What has grown over the baseline, each as a sentence; empty when nothing has. */
export function grown(counted: Counts, baseline: Counts): string[] {
  return Counts.keyof().options.flatMap((name) =>
    counted[name] > baseline[name] ? [`${meaning[name]}: ${counted[name]}, the baseline is ${baseline[name]}`] : [],
  );
}
