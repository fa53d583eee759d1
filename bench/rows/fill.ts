import pg from 'pg';
import type { Say } from '../progress.js';

const CHUNK = 50_000;
const CUSTOMERS_PER = 10;

/**
 * Complaints by SQL: five years of them, most closed, their state a real one with what the lists read put in its place. Nothing
 * here can be deciphered: it is for queries. Foreign keys are not checked while it fills.
 */
export async function fillRows(url: string, rows: number, state: object, say: Say): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('SET synchronous_commit = off');
    await client.query(CUSTOMERS, [Math.ceil(rows / CUSTOMERS_PER)]);
    await client.query(KEYS);
    for (let from = 1; from <= rows; from += CHUNK) {
      const to = Math.min(rows, from + CHUNK - 1);
      await client.query(COMPLAINTS, [from, to, JSON.stringify(state), Math.ceil(rows / CUSTOMERS_PER), rows]);
      say(`rows: ${to} of ${rows} complaints`);
    }
    await client.query(INVESTIGATIONS, [Math.ceil(rows / 50)]);
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}

/** A uuid that follows from a number. */
const ID = (number: string) => `('00000000-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const PICK = (list: string) => `(ARRAY[${list}])`;

const CUSTOMERS = `INSERT INTO customer (id, key_digest, identity, revision, created_at)
  SELECT ${ID('n')}, md5(n::text), ${ID('n')}, 1, now() FROM generate_series(1, $1::int) n`;

/** As long as a wrapped key is, but not one. */
const KEYS = `INSERT INTO vault_key (owner, wrapped, created_at) SELECT id, decode(repeat('00', 60), 'hex'), created_at FROM customer`;

/** Of a hundred: 93 closed, 4 resolved, 2 open, 1 paused; every tenth thousandth a duplicate. Numbers that look random and are not. */
const COMPLAINTS = `INSERT INTO complaint
    (id, head, hash, state, status, level, tier, type, channel, department, owner, customer, filed_by, special, departments, due_at, received_at,
     closed_at, tracking_digest, tracking, history_wanted)
  SELECT ${ID('n')}, 12, md5(n::text),
    $3::jsonb || jsonb_build_object('id', ${ID('n')}, 'tier', tier, 'type', type, 'channel', channel, 'department', department, 'receivedAt', received_at),
    status, CASE WHEN status = 'closed' THEN 3 WHEN status = 'resolved' THEN 2 ELSE 1 END, tier, type, channel, department, owner,
    ${ID('1 + h % $4::int')}, filed_by, special, departments,
    CASE WHEN status = 'closed' THEN '9999-12-31T23:59:59.999Z' ELSE received_at + (h % 200) * interval '1 hour' END, received_at,
    CASE WHEN status = 'closed' THEN received_at + interval '9 days' END, md5('t' || n), ${ID('n')}, false
  FROM (
    SELECT n, h,
      CASE WHEN h % 10000 = 7 THEN 'duplicate' WHEN h % 100 < 93 THEN 'closed' WHEN h % 100 < 97 THEN 'resolved' WHEN h % 100 < 99 THEN 'open' ELSE 'paused' END AS status,
      CASE WHEN h / 7 % 100 < 80 THEN 'general' WHEN h / 7 % 100 < 96 THEN 'serious' ELSE 'urgent' END AS tier,
      ${PICK(`'product_quality', 'logistics', 'service_attitude', 'price', 'other'`)}[1 + h / 11 % 5] AS type,
      ${PICK(`'phone', 'web', 'email', 'letter', 'chat', 'social', 'card', 'api'`)}[1 + h / 13 % 8] AS channel,
      ${PICK(`'production', 'logistics', 'customer_service', 'sales'`)}[1 + h / 17 % 4] AS department,
      'agent' || h / 19 % 200 AS owner,
      CASE WHEN h / 23 % 3 = 0 THEN 'agent' || h / 29 % 200 ELSE 'channel' || h / 31 % 8 END AS filed_by,
      CASE WHEN h / 37 % 100 < 90 THEN '{}' WHEN h / 37 % 100 < 97 THEN '{repeat}' ELSE '{major,escalated}' END::text[] AS special,
      CASE WHEN h / 41 % 100 < 60 THEN '{}' ELSE ARRAY[(${PICK(`'production', 'logistics', 'customer_service', 'sales'`)})[1 + h / 43 % 4]] END::text[] AS departments,
      date_trunc('milliseconds', now() - interval '5 years' * (($5::int - n)::float8 / $5::int)) AS received_at
    FROM (SELECT n, hashint4(n)::bigint + 2147483648 AS h FROM generate_series($1::int, $2::int) n) numbers
  ) made`;

const INVESTIGATIONS = `INSERT INTO investigation (id, head, hash, state, status, type, opened_by, opened_at, concluded_at, history_wanted)
  SELECT ${ID('n')}, 2, md5(n::text), jsonb_build_object('openedAt', to_jsonb(now())), CASE WHEN n % 20 = 0 THEN 'open' ELSE 'concluded' END,
    ${PICK(`'product_quality', 'logistics', 'service_attitude', 'price', 'other'`)}[1 + n % 5], 'quinn', now() - n * interval '1 hour',
    CASE WHEN n % 20 = 0 THEN NULL ELSE now() END, false
  FROM generate_series(1, $1::int) n`;
