import { z } from 'zod';
import { instant, type Instant } from './time.js';

/** Whether a text is an instant as it is written here: UTC, milliseconds, a year that has four digits and that databases know. */
export function isInstant(text: string): text is Instant {
  const ms = Date.parse(text);
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(ms) && instant(ms) === text;
}

/** An instant with or without milliseconds, in UTC or with an offset; becomes UTC with milliseconds, of the years 0001 to 9999. */
export const Moment = z.iso.datetime({ offset: true }).transform((text, context) => {
  const ms = Date.parse(text);
  const at = Number.isNaN(ms) ? '' : instant(ms);
  if (!isInstant(at)) context.addIssue({ code: 'custom', message: 'must lie in the years 0001 to 9999, in UTC' });
  return at;
});

const HALF_OF_A_PAIR = /\p{Cs}/u;

/** Whether a text can be kept and shown as it is: Postgres takes no NUL, and half of a surrogate pair is no character. */
export function isWhole(text: string): boolean {
  return !text.includes('\0') && !HALF_OF_A_PAIR.test(text);
}
export const notWhole = 'must hold no NUL and no half of a surrogate pair';

/** One line without control characters: codes, names, ids from elsewhere. */
export const Line = z.string().min(1).regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must be one line without control characters');

/** A reason to pause, as policies name them. */
export const PauseReason = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower-case letters, digits and underscores');

/** The number of a version. */
export const VersionNumber = z.int().min(1).max(2_147_483_647);

/** What versions of one published thing, a policy or a calendar, have in common. */
export const PublishedName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, dots, dashes and underscores, at most 64');
