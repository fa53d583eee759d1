/** What one check of a set-up came to. */
export interface Finding {
  /** what was looked at */
  check: string;
  state: 'ok' | 'warning' | 'wrong';
  told: string;
  /** what to do about it */
  todo: string | null;
}

export function ok(check: string, told: string): Finding {
  return { check, state: 'ok', told, todo: null };
}

/** It works, and will not always, or not as well as it could. */
export function warning(check: string, told: string, todo: string): Finding {
  return { check, state: 'warning', told, todo };
}

export function wrong(check: string, told: string, todo: string): Finding {
  return { check, state: 'wrong', told, todo };
}

/** The first line of what an error says, without a full stop: what goes into a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const said = error instanceof Error ? (error.cause instanceof Error && error.message === 'fetch failed' ? reasonOf(error.cause) : error.message) : String(error);
  return (said.split('\n')[0] ?? '').replace(/\.$/, '').slice(0, 200);
}
