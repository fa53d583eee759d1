import { describe, expect, it } from 'vitest';
import { Prisma } from '../../prisma/generated/client.js';
import { statementOf, type Statement } from '../../prisma/statement.js';

const sql = (strings: TemplateStringsArray, ...values: unknown[]): Statement => statementOf(strings, values);
const select = (what: unknown, where: unknown): Statement => sql`SELECT ${what} FROM t WHERE ${where}`;
const all = Prisma.sql`a, b`;
const open = Prisma.sql`state <> 'done'`;

describe('a statement', () => {
  it('is known by its text, into which fragments go, each in its place', () => {
    const first = select(all, 5);
    expect(first).toMatchObject({ text: 'SELECT a, b FROM t WHERE $1', values: [5] });
    expect(select(5, all)).toMatchObject({ text: 'SELECT $1 FROM t WHERE a, b', values: [5] });
    expect(select(all, open)).toMatchObject({ text: "SELECT a, b FROM t WHERE state <> 'done'", values: [] });
    expect(select(all, 6)).toEqual({ ...first, values: [6] });
    expect(new Set([first.name, select(5, all).name, select(all, open).name, select(1, 2).name]).size).toBe(4);
  });

  it('has no name when a fragment brings values: it is planned for them', () => {
    expect(select(all, Prisma.sql`x = ${7}`)).toEqual({ text: 'SELECT a, b FROM t WHERE x = $1', values: [7] });
  });

  it('stays right however many fragments its template has had', () => {
    for (let n = 0; n < 20; n += 1) expect(select(Prisma.raw(`c${n}`), n)).toMatchObject({ text: `SELECT c${n} FROM t WHERE $1`, values: [n] });
  });
});
