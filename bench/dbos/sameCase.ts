import type { Server } from 'node:http';
import pino from 'pino';
import { createApi } from '../../api/create.js';
import { serverOf } from '../../api/http/server.js';
import { BUNDLE } from '../../bin/bundle.js';
import { readApiConfiguration } from '../../bin/configuration.js';
import { apiInstruments } from '../../bin/instruments.js';
import { openParts } from '../../bin/parts.js';
import { verifierOf } from '../../bin/verifier.js';
import { version } from '../../bin/version.js';
import { createEngine } from '../../engine/create.js';
import type { Engine } from '../../engine/engine.js';

/**
 * The same case on DBOS: Threefold's own API, with all that an intake is (login, rules, clocks written down, sealed words, chain, lists),
 * whose cases are workflows of DBOS. `begin` starts one, before the answer; no other engine is asked for anything.
 */
export async function sameCase(env: NodeJS.ProcessEnv, begin: (id: string, start: object) => Promise<unknown>): Promise<Server> {
  const configuration = readApiConfiguration(env);
  const instruments = await apiInstruments(configuration.tracing);
  const log = pino({ name: 'dbos', level: configuration.logLevel }, pino.destination(env['DBOS_LOG'] ?? '/dev/null'));
  const parts = openParts({ ...configuration, bundle: BUNDLE, log, instruments, database: { poolSize: configuration.poolSize } });
  const own = createEngine(parts, { kick: () => undefined });
  const engine: Engine = {
    ...own,
    async intake(request) {
      const filed = await own.intake(request);
      if ('row' in filed) await begin(filed.row.id, filed.state);
      return filed;
    },
  };
  return serverOf(createApi({
    ...parts, log, engine: instruments.engine?.(engine) ?? engine, watch: instruments.watch, tokens: verifierOf(configuration.tokens),
    probeEngine: () => Promise.resolve(), info: { version },
  }));
}
