/** Ends the command with one line on stderr: code 1 when something did not hold, 2 when it was used or set up wrongly. */
export class Exit extends Error {
  constructor(
    readonly code: 1 | 2,
    message: string,
  ) {
    super(message);
  }
}

export function wrongUse(message: string): Exit {
  return new Exit(2, message);
}

export function failed(message: string): Exit {
  return new Exit(1, message);
}

/** The code an errno or Postgres error carries, or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
