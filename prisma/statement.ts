import { createHash } from 'node:crypto';
import { Prisma } from './generated/client.js';

/** A statement as the driver takes it; one that is the same text each time has a name, under which Postgres keeps its plan. */
export interface Statement {
  name?: string;
  text: string;
  values: unknown[];
}

/** What a template became, by its strings: those are the same array each time a line of code is passed. */
const known = new WeakMap<TemplateStringsArray, Required<Omit<Statement, 'values'>>>();

/**
 * A tagged template as a statement with parameters. Fragments (`Prisma.sql`) are put in as text. Those that bring values of their
 * own (the filters of a list) make a statement that differs from call to call: it has no name, and is planned for what it asks.
 */
export function statementOf(strings: TemplateStringsArray, values: readonly unknown[]): Statement {
  const fragments = values.filter((value) => value instanceof Prisma.Sql);
  if (fragments.length === 0) return { ...(known.get(strings) ?? remember(strings)), values: [...values] };
  const { text, values: flat } = Prisma.sql(strings, ...values);
  const varies = fragments.some((fragment) => fragment.values.length > 0);
  return varies ? { text, values: flat } : { name: nameOf(text), text, values: flat };
}

function remember(strings: TemplateStringsArray): { name: string; text: string } {
  const text = strings.reduce((before, part, i) => `${before}$${String(i)}${part}`);
  const named = { name: nameOf(text), text };
  known.set(strings, named);
  return named;
}

/** Names by their texts, of which there are as many as the code can make. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
