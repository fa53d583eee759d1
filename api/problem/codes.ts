/** One kind of problem: its HTTP status, a title, and what the caller can do. `docs/errors.md` is checked against this list. */
export interface Code {
  status: number;
  title: string;
  todo: string;
}

/** Problems that the API finds by itself. Codes are stable (spec: api, errors). */
export const apiCodes = {
  'malformed': { status: 400, title: 'Not JSON', todo: 'Send one well-formed JSON value in UTF-8.' },
  'malformed-header': { status: 400, title: 'A header cannot be read', todo: 'Correct the header that the detail names.' },
  'unauthenticated': { status: 401, title: 'Not signed in', todo: 'Send `Authorization: Bearer` with a token or an API key.' },
  'invalid-token': { status: 401, title: 'The token is not valid', todo: 'Get a new token from your issuer; `npx threefold token` makes one for the embedded set-up.' },
  'invalid-key': { status: 401, title: 'The API key is not valid', todo: 'Make a key with `npx threefold key create`.' },
  'forbidden': { status: 403, title: 'Your role does not allow this', todo: 'Ask somebody with one of the roles that the detail names.' },
  'not-found': { status: 404, title: 'Not found', todo: 'Check the address; a case that you may not see is not found either.' },
  'customer-erased': { status: 409, title: 'The customer has been erased', todo: 'Nothing more is written to their cases; a new complaint begins with a new customer.' },
  'too-large': { status: 413, title: 'Too large', todo: 'Send at most 1 MB.' },
  'unsupported-media-type': { status: 415, title: 'Not JSON', todo: 'Send `Content-Type: application/json`.' },
  'invalid': { status: 422, title: 'Invalid input', todo: 'Correct each field in `errors`.' },
  'unknown-code': { status: 422, title: 'A code that no list has', todo: 'Take a code of `GET /v1/taxonomies`, a person who has signed in once, or a published policy.' },
  'key-reused': { status: 422, title: 'This Idempotency-Key was used with another body', todo: 'Take a new key for a new request.' },
  'too-many-requests': { status: 429, title: 'Too many requests', todo: 'Wait as long as `Retry-After` says.' },
  'engine-away': { status: 503, title: 'The engine is away', todo: 'Repeat the same request after `Retry-After`; nothing was done.' },
  'issuer-away': { status: 503, title: 'The issuer of tokens is away', todo: 'Repeat the same request after `Retry-After`; your token could not be looked at.' },
  'database-away': { status: 503, title: 'The database is away', todo: 'Repeat the same request after `Retry-After`, with its Idempotency-Key.' },
  'outcome-unknown': { status: 503, title: 'The outcome is not known yet', todo: 'Repeat the same request with the same Idempotency-Key: it is done at most once.' },
  'case-lost': { status: 500, title: 'The engine runs this case no more', todo: 'Nothing was done. Report the request id: an operator has to bring the case back.' },
  'internal': { status: 500, title: 'Something broke here', todo: 'Report the request id; the log says more.' },
} as const satisfies Record<string, Code>;

export type ApiCode = keyof typeof apiCodes;

/** The titles of what the rules refuse, by kind; each has a code and a sentence of its own (domain/refusal.ts). */
export const refusalStatus = {
  forbidden: { status: 403, title: 'The case does not allow you this' },
  invalid: { status: 422, title: 'Invalid for this case' },
  stale: { status: 412, title: 'The case has moved on' },
  conflict: { status: 409, title: 'Refused by a rule' },
} as const;
