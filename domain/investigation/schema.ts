import { z } from 'zod';
import { Code, Sub, Text } from '../complaint/schema.js';
import { Moment } from '../schema.js';

/** The body of `POST /v1/investigations` (spec: api, investigations). */
export const OpenInvestigation = z.strictObject({
  title: Text, type: Code.nullish(), complaints: z.array(z.uuid().toLowerCase()).max(1000).default([]),
});
export type OpenInvestigation = z.infer<typeof OpenInvestigation>;

/** What is measured, from where to where (L3.2). */
export const Goal = z.strictObject({ metric: Text, baseline: z.number(), target: z.number(), direction: z.enum(['down', 'up']) })
  .refine(({ baseline, target, direction }) => (direction === 'down' ? target <= baseline : target >= baseline), {
    path: ['target'], message: 'must lie from the baseline on in the direction of the goal',
  });
export type Goal = z.infer<typeof Goal>;

/** The bodies of the commands as they come over HTTP, with their words; the ids of causes and measures are in the path. */
export const InvestigationBodies = {
  cause: z.strictObject({ category: Code, text: Text, whys: z.array(Text).max(20).default([]) }),
  why: z.strictObject({ text: Text }),
  finding: z.strictObject({ root: z.boolean(), note: Text }),
  measure: z.strictObject({ cause: Code, text: Text, owner: Sub, dueAt: Moment, goal: Goal, observeDays: z.int().min(0).max(3660) }),
  done: z.strictObject({ note: Text.nullish() }),
  reading: z.strictObject({ value: z.number(), at: Moment.nullish() }),
  verdict: z.strictObject({ effective: z.boolean(), note: Text }),
  conclude: z.strictObject({}),
} as const;
export type InvestigationBodies = { [Name in keyof typeof InvestigationBodies]: z.infer<(typeof InvestigationBodies)[Name]> };

const Instant = z.iso.datetime({ precision: 3 });
const Words = z.string().nullable();

/** The investigation as every endpoint answers it; words are null where the reader may not see them. */
export const InvestigationView = z.strictObject({
  id: z.uuid(),
  version: z.int().min(1),
  title: Words,
  type: z.string().nullable(),
  status: z.enum(['open', 'concluded']),
  complaints: z.array(z.uuid()),
  causes: z.array(z.strictObject({
    id: z.string(), category: z.string(), text: Words, whys: z.array(Words), state: z.enum(['candidate', 'root', 'ruled_out']),
  })),
  measures: z.array(z.strictObject({
    id: z.string(), cause: z.string(), text: Words, owner: z.string(), dueAt: Instant,
    goal: z.strictObject({ metric: Words, baseline: z.number(), target: z.number(), direction: z.enum(['down', 'up']) }),
    observeDays: z.int().min(0), state: z.enum(['open', 'done', 'effective', 'ineffective']),
    readings: z.array(z.strictObject({ value: z.number(), at: Instant })),
  })),
  elsewhere: z.array(z.strictObject({ place: Words, outcome: Words })),
});
export type InvestigationView = z.infer<typeof InvestigationView>;
