import { z } from 'zod';
import { Code, Sub } from '../complaint/schema.js';
import { Moment, PublishedName } from '../schema.js';

/** The roster that holds for rungs that a department's own has nobody for. */
export const COMPANY = 'company';

const Shift = z.strictObject({
  rung: z.int().min(0).max(3),
  calendar: PublishedName.nullish().transform((calendar) => calendar ?? null)
    .meta({ description: 'A published calendar: the hours at which they stand, and may be called. null: any hour' }),
  people: z.array(Sub).min(1).max(20).meta({ description: 'By the `sub` of their tokens, who is told first is first' }),
  deputies: z.array(Sub).max(20).default([]).meta({ description: 'Told of every raise at the top, in place of the people' }),
});
export type Shift = z.infer<typeof Shift>;

const Absence = z.strictObject({
  person: Sub, from: Moment, to: Moment,
  deputy: Sub.nullish().transform((deputy) => deputy ?? null).meta({ description: 'Who stands in; null: nobody' }),
}).superRefine(({ person, from, to, deputy }, context) => {
  if (to <= from) context.addIssue({ code: 'custom', path: ['to'], message: `must be after from, ${from}` });
  if (deputy === person) context.addIssue({ code: 'custom', path: ['deputy'], message: 'must be somebody else' });
});

/** Who stands at each rung of a department at which hours (L1.14), as it is published. */
export const Roster = z.strictObject({
  name: Code.meta({ description: `The code of a department, or ${COMPANY}: for rungs that a department has nobody for` }),
  shifts: z.array(Shift).min(1).max(100),
  absences: z.array(Absence).max(500).default([]),
});
export type Roster = z.infer<typeof Roster>;

export const PublishedRoster = z.strictObject({
  name: z.string(),
  version: z.int().min(1),
  shifts: z.array(z.strictObject({
    rung: z.int(), calendar: z.string().nullable(), people: z.array(z.string()), deputies: z.array(z.string()),
  })),
  absences: z.array(z.strictObject({ person: z.string(), from: z.string(), to: z.string(), deputy: z.string().nullable() })),
});
export type PublishedRoster = z.infer<typeof PublishedRoster>;
