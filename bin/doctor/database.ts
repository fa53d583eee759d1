import { examine, type Examination } from '../../prisma/examination.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, warning, wrong, type Finding } from './finding.js';

const LEAST_VERSION = 14;
const LONGEST_SKEW_MS = 1000;
/** rights that are named */
const SHOWN = 8;

/** The database: reachable, of this version, writable and keeping what it takes, with room and a clock that agrees. */
export async function checkDatabase({ databaseUrl, poolSize }: Examined): Promise<Finding[]> {
  if (databaseUrl === null) return [];
  const { hostname, port, pathname } = new URL(databaseUrl);
  const where = `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
  const started = Date.now();
  let found: Examination;
  try {
    found = await examine(databaseUrl);
  } catch (error) {
    return [wrong('database', `${where} cannot be used: ${reasonOf(error)}`, 'see that it runs, and that DATABASE_URL names its address, user, password and sslmode')];
  }
  return [
    ok('database', `PostgreSQL at ${where} answers, examined in ${Date.now() - started} ms`),
    versionOf(found), ...textOf(found), ...writesOf(found), migrationsOf(found), ...rightsOf(found), ...calendarsOf(found),
    roomOf(found, poolSize), clockOf(found),
  ];
}

function versionOf({ version }: Examination): Finding {
  const told = `${Math.floor(version / 10_000)}.${version % 10_000}`;
  if (version >= LEAST_VERSION * 10_000) return ok('database version', told);
  return wrong('database version', told, `upgrade PostgreSQL to ${LEAST_VERSION} or later`);
}

/** Under C, search and order know no letters but those of English. */
function textOf({ encoding, locale }: Examination): Finding[] {
  if (encoding !== 'UTF8') return [wrong('database text', `its encoding is ${encoding}`, 'make the database with ENCODING \'UTF8\'')];
  const plain = locale === 'C' || locale === 'POSIX';
  return plain ? [warning('database text', `its locale is ${locale}`, 'make the database with the locale C.UTF-8, or another of UTF-8')] : [];
}

/** All that is answered rests on the database: that it takes it, and keeps it. */
function writesOf({ readOnly, lax }: Examination): Finding[] {
  return [
    ...(readOnly ? [wrong('database writes', 'it takes none: it is a standby, or told to be read-only', 'let DATABASE_URL name the primary')] : []),
    ...(lax.length > 0 ? [warning('durability', `${lax.join(', ')} off: what was answered may be lost when it stops`, 'turn on what is off')] : []),
  ];
}

function migrationsOf({ pending, failed, unknown }: Examination): Finding {
  if (failed.length > 0) return wrong('migrations', `begun and not finished: ${failed.join(', ')}`, 'run "threefold migrate": nothing of them is there, and they are begun anew');
  if (unknown.length > 0) return wrong('migrations', `the database is newer than this version: ${unknown.join(', ')}`, 'run the version of Threefold that migrated it, or a later one');
  if (pending.length > 0) return wrong('migrations', `not applied: ${pending.join(', ')}`, 'run "threefold migrate"');
  return ok('migrations', 'all applied');
}

function rightsOf({ lacking }: Examination): Finding[] {
  if (lacking.length === 0) return [];
  const told = lacking.length > SHOWN ? [...lacking.slice(0, SHOWN), `and ${lacking.length - SHOWN} more`] : lacking;
  return [wrong('database rights', `the user may not ${told.join(', ')}`, 'grant these, or migrate as the user that the processes have')];
}

/** Beyond the years of its calendar a clock is never due, and warns nobody. */
function calendarsOf({ ending }: Examination): Finding[] {
  if (ending.length === 0) return [];
  return [warning('calendars', `end within half a year: ${ending.join(', ')}`, 'publish their next versions, and migrate open cases to them')];
}

/** One API and one worker, beside whatever else is connected. */
function roomOf({ connections: { most, used } }: Examination, poolSize: number): Finding {
  const told = `${used} of ${most} in use; an API and a worker take up to ${2 * poolSize}`;
  if (2 * poolSize <= most && used < most) return ok('connections', told);
  return warning('connections', told, 'lower THREEFOLD_POOL_SIZE, or raise max_connections');
}

function clockOf({ aheadMs }: Examination): Finding {
  const told = `the database's is ${Math.abs(aheadMs)} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  return Math.abs(aheadMs) <= LONGEST_SKEW_MS ? ok('clocks', told) : warning('clocks', told, 'keep all machines in time by NTP: deadlines are told by their clocks');
}
