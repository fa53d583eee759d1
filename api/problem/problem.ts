import type { z } from 'zod';
import type { Refusal } from '../../domain/refusal.js';
import { apiCodes, refusalStatus, type ApiCode } from './codes.js';

export interface FieldError {
  path: string;
  message: string;
}

interface Extra {
  errors?: FieldError[] | undefined;
  missing?: string[] | undefined;
  /** seconds for `Retry-After` */
  retryAfter?: number | undefined;
}

/** The one error of the API, as RFC 9457 tells it. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  private constructor(readonly code: string, kind: { status: number; title: string }, readonly detail: string, readonly extra: Extra = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = kind.status;
    this.title = kind.title;
  }

  /** A problem of the API's own list; without a detail, the list's advice is the detail. */
  static of(code: ApiCode, detail: string = apiCodes[code].todo, extra: Extra = {}): Problem {
    return new Problem(code, apiCodes[code], detail, extra);
  }

  /** What the rules refused; `path` names the field of the body that it is about. */
  static refused({ code, kind, detail, errors, missing }: Refusal, path?: string): Problem {
    return new Problem(code, refusalStatus[kind], detail, { errors: path === undefined ? errors : [{ path, message: detail }], missing });
  }

  /** Input that its schema does not take: one entry for each field, unknown ones too. */
  static invalid(error: z.ZodError, within: readonly PropertyKey[] = []): Problem {
    const errors = error.issues.flatMap((issue) => {
      const at = [...within, ...issue.path];
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: pathOf([...at, key]), message: 'is not a known field' }));
      return [{ path: pathOf(at), message: issue.message }];
    });
    return Problem.field(errors, 'invalid');
  }

  /** Input that its schema takes and the data does not. */
  static field(errors: FieldError[], code: ApiCode = 'invalid'): Problem {
    const named = errors.map((error) => error.path).filter((path) => path !== '').join(', ');
    return Problem.of(code, named ? `Correct ${named}.` : undefined, { errors });
  }

  /** The body of the answer. Its `type` is a stable name; docs/errors.md explains each. */
  toJSON(): Record<string, unknown> {
    const { errors, missing } = this.extra;
    return {
      type: `urn:threefold:problem:${this.code}`, title: this.title, status: this.status, code: this.code, detail: this.detail,
      ...(errors ? { errors } : {}), ...(missing ? { missing } : {}),
    };
  }
}

/** `shares.0.department`, the way a reader writes it. */
export function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
