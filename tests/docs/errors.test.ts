import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { apiCodes, refusalStatus } from '../../api/problem/codes.js';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
}

function sourcesOf(...folders: string[]): ts.SourceFile[] {
  return folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => parsed(join(folder, name))));
}

function every<T extends ts.Node>(node: ts.Node, is: (one: ts.Node) => one is T): T[] {
  const found: T[] = is(node) ? [node] : [];
  node.forEachChild((child) => { found.push(...every(child, is)); });
  return found;
}

/** The code that a call names, or both of a choice. */
function codesIn(argument: ts.Expression | undefined): string[] {
  if (argument === undefined) return [];
  if (ts.isConditionalExpression(argument)) return [...codesIn(argument.whenTrue), ...codesIn(argument.whenFalse)];
  return ts.isStringLiteral(argument) ? [argument.text] : [];
}

/** Each code that the sources can answer with, and the statuses it comes with. */
function answered(): Map<string, Set<number>> {
  const codes = new Map<string, Set<number>>([['stale', new Set([refusalStatus.stale.status])]]);
  const add = (code: string, status: number): void => { codes.set(code, (codes.get(code) ?? new Set()).add(status)); };
  for (const [code, { status }] of Object.entries(apiCodes)) add(code, status);
  for (const source of sourcesOf('domain', 'engine', 'api')) {
    for (const { expression, arguments: given } of every(source, ts.isCallExpression)) {
      const called = ts.isIdentifier(expression) ? expression.text : '';
      if (called !== 'conflict' && called !== 'forbidden' && called !== 'invalid') continue;
      for (const code of codesIn(given[0])) add(code, refusalStatus[called].status);
    }
  }
  return codes;
}

/** The literals of the types and properties of that name in a file. */
function wordsOf(path: string, ...names: string[]): string[] {
  const declared = every(parsed(path), (one): one is ts.TypeAliasDeclaration | ts.PropertySignature =>
    (ts.isTypeAliasDeclaration(one) || ts.isPropertySignature(one)) && names.includes(one.name.getText()));
  return declared.flatMap((one) => every(one, ts.isStringLiteral).map(({ text }) => text));
}

/** The rows of every table whose first heading is this, as their cells. */
function rowsUnder(heading: string): string[][] {
  const rows: string[][] = [];
  let within = false;
  for (const line of page.split('\n')) {
    if (line.startsWith(`| ${heading} |`)) within = true;
    else if (!line.startsWith('|')) within = false;
    else if (within && !line.startsWith('|-')) rows.push(line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
  }
  return rows;
}

const firstCells = (heading: string): string[] => rowsUnder(heading).map(([first]) => first ?? '').sort();

describe('docs/errors.md', () => {
  it('has one row for every code that the sources answer with, with its status, and for no other', () => {
    const told = rowsUnder('code').map(([code, status]) => `${code ?? ''} ${status ?? ''}`).sort();
    const known = [...answered()].map(([code, statuses]) => `${code} ${[...statuses].sort((a, b) => a - b).join(', ')}`).sort();
    expect(told).toEqual(known);
  });

  it('says of every code what it means and what to do', () => {
    for (const [code, , ...told] of rowsUnder('code')) expect(told.filter((cell) => cell !== ''), code).toHaveLength(2);
  });

  it('lists what each gate can miss', () => {
    const gates = [...wordsOf('domain/complaint/gate.ts', 'Missing'), ...wordsOf('domain/investigation/gate.ts', 'InvestigationMissing')];
    expect(firstCells('missing')).toEqual(gates.sort());
  });

  it('lists why an escalation is not raised', () => {
    const event = every(parsed('domain/complaint/event.ts'), ts.isTypeAliasDeclaration).find(({ name }) => name.text === 'EscalationRefused');
    const why = event ? every(event, ts.isPropertySignature).find(({ name }) => name.getText() === 'why') : undefined;
    expect(firstCells('why')).toEqual((why ? every(why, ts.isStringLiteral) : []).map(({ text }) => text).sort());
  });
});
