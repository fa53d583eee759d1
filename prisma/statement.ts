import { createHash } from 'node:crypto';
import { Prisma } from './generated/client.js';

/** A statement as the driver takes it; one that is the same text each time has a name, under which Postgres keeps its plan. */
export interface Statement {
  name?: string;
  text: string;
  values: unknown[];
}

/** A template and its fragments as text. */
interface Known {
  /** by the place where they stand; null where a value does */
  fragments: readonly (Prisma.Sql | null)[];
  name: string;
  text: string;
}

/** What templates became, by their strings: those are the same array each time a line of code is passed; most fragments are constants. */
const known = new WeakMap<TemplateStringsArray, Known[]>();

/** So many are known of one template; fragments that are made anew for each call come to no more. */
const MOST = 8;

/**
 * A tagged template as a statement with parameters. Fragments (`Prisma.sql`) are put in as text. Those that bring values of their
 * own (the filters of a list) make a statement that differs from call to call: it has no name, and is planned for what it asks.
 */
export function statementOf(strings: TemplateStringsArray, values: readonly unknown[]): Statement {
  const fragments = values.map((value) => (value instanceof Prisma.Sql ? value : null));
  if (fragments.some((fragment) => fragment !== null && fragment.values.length > 0)) {
    const { text, values: flat } = Prisma.sql(strings, ...values);
    return { text, values: flat };
  }
  const { name, text } = known.get(strings)?.find((one) => isSame(one.fragments, fragments)) ?? remember(strings, values, fragments);
  return { name, text, values: values.filter((_, i) => fragments[i] === null) };
}

function isSame(some: Known['fragments'], others: Known['fragments']): boolean {
  return some.every((fragment, i) => fragment === others[i]);
}

function remember(strings: TemplateStringsArray, values: readonly unknown[], fragments: Known['fragments']): Known {
  const { text } = Prisma.sql(strings, ...values);
  const named = { fragments, name: nameOf(text), text };
  known.set(strings, [named, ...(known.get(strings) ?? [])].slice(0, MOST));
  return named;
}

/** Names by their texts, of which there are as many as the code can make. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
