import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Problem } from '../problem/problem.js';

const parse: RequestHandler = express.json({ limit: '1mb', strict: false, type: 'application/json', verify: mustBeText });

/** The parser reads other bytes as replacement characters: what was said would be lost. */
function mustBeText(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (charset === 'utf-8' && !isUtf8(bytes)) throw Problem.of('malformed');
}

/**
 * The JSON of a request, read only once somebody asks for it: after authentication and the checks of role and visibility.
 * A request without a body is `{}`. Throws 400, 413 and 415.
 */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  const type = request.get('Content-Length') === '0' ? null : request.is('application/json');
  if (type === null) return {};
  if (type === false) throw Problem.of('unsupported-media-type');
  await new Promise<void>((done, fail) => {
    parse(request, response, (error?: unknown) => {
      if (error instanceof Error) fail(error);
      else done();
    });
  });
  const body: unknown = request.body;
  return body === undefined ? {} : body;
}
