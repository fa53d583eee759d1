import { gunzipSync } from 'node:zlib';
import pg from 'pg';

/** Something that was looked through. */
export interface Place {
  name: string;
  bytes: Buffer;
}

/** In which of the places a mark stands: as it is, in base64 (at any offset), or in hex; case does not matter. */
export function found(places: readonly Place[], mark: string): string[] {
  const needles = [mark, ...inBase64(mark), Buffer.from(mark).toString('hex')];
  return places.filter(({ bytes }) => needles.some((needle) => bytes.includes(needle)) || bytes.toString('latin1').toLowerCase().includes(mark.toLowerCase())).map(({ name }) => name);
}

/** What of the base64 of any text around it the mark alone decides. */
function inBase64(mark: string): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(mark)]).toString('base64');
    return text.slice(offset === 0 ? 0 : offset + 1, text.endsWith('=') ? -4 : undefined);
  });
}

/** Every row of every table as text, and every `bytea` in it as bytes, unpacked where it is gzip. */
export async function everyTable(databaseUrl: string): Promise<Place[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    const places: Place[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      const text = rows.map(({ row }) => row).join('\n');
      places.push({ name, bytes: Buffer.from(text) });
      const binary = [...text.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]) => unpacked(Buffer.from(hex ?? '', 'hex')));
      places.push({ name: `${name}, its bytes`, bytes: Buffer.concat(binary) });
    }
    return places;
  } finally {
    await client.end();
  }
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** All payloads of a history in Temporal's JSON form, decoded. */
export function payloads(value: unknown): Buffer {
  const decoded: Buffer[] = [];
  const walk = (branch: unknown): void => {
    if (typeof branch !== 'object' || branch === null) return;
    for (const [key, inner] of Object.entries(branch)) {
      if (key === 'data' && typeof inner === 'string') decoded.push(unpacked(Buffer.from(inner, 'base64')));
      else walk(inner);
    }
  };
  walk(value);
  return Buffer.concat(decoded);
}
