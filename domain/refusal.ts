/** Why a command is not done. `kind` decides the HTTP status; `code` is stable and listed in docs/errors.md. */
export interface Refusal {
  kind: 'forbidden' | 'invalid' | 'stale' | 'conflict';
  code: string;
  /** one sentence that says what to do */
  detail: string;
  /** what the gate misses */
  missing?: string[];
  /** which fields, for `invalid` */
  errors?: { path: string; message: string }[];
}

/** What the rules say to a command: the events it makes, or why not. */
export type Decision<E> = { events: E[] } | { refusal: Refusal };

export function conflict(code: string, detail: string, missing?: string[]): { refusal: Refusal } {
  return { refusal: missing ? { kind: 'conflict', code, detail, missing } : { kind: 'conflict', code, detail } };
}

export function forbidden(code: string, detail: string): { refusal: Refusal } {
  return { refusal: { kind: 'forbidden', code, detail } };
}

export function invalid(code: string, path: string, detail: string): { refusal: Refusal } {
  return { refusal: { kind: 'invalid', code, detail, errors: [{ path, message: detail }] } };
}

export function stale(version: number): { refusal: Refusal } {
  return { refusal: { kind: 'stale', code: 'stale', detail: `The case has moved on to version ${version}; read it again and repeat the command if it still fits.` } };
}
