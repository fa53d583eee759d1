import { Prisma } from './generated/client.js';

/** Whose cases a reader may see (spec: api, roles). */
export type Reader =
  | { sees: 'all' }
  /** cases with a request to the department, or a share of it */
  | { sees: 'department'; department: string }
  /** what this channel filed */
  | { sees: 'filed'; by: string };

/** Whether a reader may see this case; the same rule as that of the lists. */
export function mayRead(reader: Reader, row: { departments: string[]; filedBy: string }): boolean {
  switch (reader.sees) {
    case 'all':
      return true;
    case 'department':
      return row.departments.includes(reader.department);
    case 'filed':
      return row.filedBy === reader.by;
  }
}

/** The rule as a condition on `complaint c`. */
export function readable(reader: Reader): Prisma.Sql {
  switch (reader.sees) {
    case 'all':
      return Prisma.sql`true`;
    case 'department':
      return Prisma.sql`c.departments @> ARRAY[${reader.department}]::text[]`;
    case 'filed':
      return Prisma.sql`c.filed_by = ${reader.by}`;
  }
}
