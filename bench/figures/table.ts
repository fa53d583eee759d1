export type Cell = string | number | null;

export interface Table {
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** A table for a terminal: the first column to the left, all others to the right, numbers with three digits that count. */
export function textOf({ head, rows }: Table): string {
  const lines = [head, ...rows.map((row) => row.map(shown))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const padded = lines.map((line) => widths.map((width, column) => fit(line[column] ?? '', width, column)).join('  ').trimEnd());
  const [first = '', ...rest] = padded;
  return [first, widths.map((width) => '-'.repeat(width)).join('  '), ...rest].join('\n');
}

/** The same for a document. */
export function markdownOf({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map((row) => line(row.map(shown)))].join('\n');
}

function fit(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

export function shown(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return '–';
  if (Number.isInteger(cell)) return String(cell);
  const size = Math.abs(cell);
  return cell.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
