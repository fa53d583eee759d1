import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { channels } from '../../domain/complaint/terms.js';

const Filled = z.string().min(1);
const Given = z.string().transform((text) => (text === '' ? undefined : text));
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** One complaint of complaints.zh.csv. Its own date is left alone: the demo files it as received now. */
const Row = z.object({
  source_id: Filled,
  channel: z.enum(channels),
  customer_key: Filled,
  customer_name: Given,
  customer_phone: Given,
  customer_email: Given,
  type: Filled,
  department: Filled,
  /** a label of the list of regions, in Chinese */
  region: Given,
  personal_safety: Flag,
  media_threat: Flag,
  text: Filled,
});
export type Row = z.infer<typeof Row>;

/** The complaints of a CSV file with a header. Throws where a row is not of that shape. */
export function rowsOf(csv: string): Row[] {
  const records: unknown = parse(csv, { bom: true, columns: true });
  return z.array(Row).parse(records);
}

/** What is filed of a row (spec: api, complaints). */
export function filingOf(row: Row): object {
  const { channel, text, type, department, region } = row;
  const { customer_key: key, customer_name: name, customer_phone: phone, customer_email: email } = row;
  const flags = { personalSafety: row.personal_safety, mediaThreat: row.media_threat };
  return { channel, customer: { key, name, phone, email }, text, type, department, region, flags };
}
