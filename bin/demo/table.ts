/** One column: its heading, and whether its cells hold numbers. */
export interface Column {
  head: string;
  numbers?: true;
}

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const flat = /[\p{M}\u200b-\u200d\ufeff]/u;

/** How many cells of a terminal a text takes: a Chinese character takes two (Unicode, UAX #11). */
export function cellsOf(text: string): number {
  return Array.from(text).reduce((sum, char) => sum + width(char), 0);
}

/** The beginning of a text, on one line and in at most so many cells; `…` stands for the rest. */
export function cut(text: string, cells: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (cellsOf(line) <= cells) return line;
  let kept = '';
  for (const char of line) {
    if (cellsOf(kept) + width(char) > cells - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** Rows under their headings, each column as wide as its widest cell, numbers to the right. */
export function table(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => columns.map((_column, i) => String(row[i] ?? '')));
  const widths = columns.map(({ head }, i) => Math.max(cellsOf(head), ...cells.map((row) => cellsOf(row[i] ?? ''))));
  const line = (row: readonly string[]): string =>
    columns.map(({ numbers }, i) => padded(row[i] ?? '', widths[i] ?? 0, numbers === true)).join('  ').trimEnd();
  return [line(columns.map(({ head }) => head)), widths.map((cell) => '─'.repeat(cell)).join('  '), ...cells.map(line)].join('\n');
}

function padded(text: string, cells: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, cells - cellsOf(text)));
  return right ? space + text : text + space;
}

function width(char: string): number {
  if (flat.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}
