import { z } from 'zod';
import { wrongUse } from '../exit.js';

/** The environment of a process, as it was given. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A set of variables, each described by what it is: `… is not set: it is <description>.` */
export type Variables = z.ZodObject;

/** Reads variables; one that is empty counts as not set. Throws `Exit` 2 with one line naming the first that is missing or wrong. */
export function parse<S extends Variables>(schema: S, env: Environment): z.infer<S> {
  const given = Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (isSet(env, name) ? [[name, env[name]]] : [])));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const name = String(read.error.issues[0]?.path[0] ?? '');
  throw wrong(schema, name, isSet(env, name) ? 'is not valid' : 'is not set');
}

/** The sentence for a variable that is not as it has to be. */
export function wrong(schema: Variables, name: string, how: string): Error {
  const field: unknown = schema.shape[name];
  const meaning = field instanceof z.ZodType ? field.description : undefined;
  return wrongUse(`${name} ${how}: it is ${meaning ?? 'needed'}.`);
}

export function isSet(env: Environment, name: string): boolean {
  return env[name] !== undefined && env[name] !== '';
}

export const port = z.string().regex(/^\d{1,5}$/).transform(Number).pipe(z.number().max(65535));

/** A whole number within bounds. */
export function whole(least: number, most: number) {
  return z.string().regex(/^\d{1,9}$/).transform(Number).pipe(z.number().min(least).max(most));
}

export const text = z.string().min(1);
