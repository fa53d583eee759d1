import { readFileSync } from 'node:fs';
import { rowsOf, type Row } from '../../bin/demo/rows.js';

/** The complaints that the demo draws from. */
export function everyRow(): Row[] {
  return rowsOf(readFileSync('bin/demo/complaints.zh.csv', 'utf8'));
}
