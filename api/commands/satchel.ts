import { randomUUID } from 'node:crypto';
import type { WordsRef } from '../../domain/event.js';
import type { TaxonomyKind } from '../../domain/taxonomy/taxonomies.js';
import type { Words } from '../../engine/engine.js';
import { Problem, type FieldError } from '../problem/problem.js';
import type { Lists } from '../records/records.js';

/**
 * What a body is unpacked into on its way to the engine: words go to the vault and leave a random reference, codes and people are
 * checked against the data. What is not there is collected, so that the caller hears of every field at once.
 */
export interface Satchel {
  put(text: string): WordsRef;
  /** the same for what may be missing */
  maybe(text: string | null | undefined): WordsRef | null;
  /** several words that belong together, as one text of JSON */
  together(fields: object): WordsRef;
  /** the code of a taxonomy, given as such or by one of its names */
  code<Given extends string | null | undefined>(kind: TaxonomyKind, given: Given, path: string): Given;
  /** a person who has signed in once */
  person(sub: string, path: string): string;
  /** Throws 422 `unknown-code` if anything named was not there. */
  settle(): void;
  readonly words: Words[];
}

/** @param people whom the body names, as given → as they stand in events */
export function openSatchel(lists: Lists, people: ReadonlyMap<string, string>): Satchel {
  const words: Words[] = [];
  const errors: FieldError[] = [];
  const put = (text: string): WordsRef => {
    const ref = randomUUID();
    words.push({ ref, text });
    return ref;
  };
  const missing = <Value>(value: Value, path: string, message: string): Value => {
    errors.push({ path, message });
    return value;
  };

  function code<Given extends string | null | undefined>(kind: TaxonomyKind, given: Given, path: string): Given;
  function code(kind: TaxonomyKind, given: string | null | undefined, path: string): string | null | undefined {
    if (given === null || given === undefined) return given;
    const terms = lists[kind];
    const term = terms.find((one) => one.code === given) ?? terms.find((one) => one.zh === given || one.en === given);
    return term ? term.code : missing(given, path, `is no ${kind} of GET /v1/taxonomies`);
  }

  return {
    words, put, code,
    maybe: (text) => (text === null || text === undefined ? null : put(text)),
    together: (fields) => put(JSON.stringify(fields)),
    person: (sub, path) => people.get(sub) ?? missing(sub, path, 'is nobody who has signed in yet'),
    settle() {
      if (errors.length > 0) throw Problem.field(errors, 'unknown-code');
    },
  };
}
