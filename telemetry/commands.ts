import { around } from '../engine/around.js';
import type { Engine } from '../engine/engine.js';
import { EngineAway, KeyReused, OutcomeUnknown } from '../engine/failure.js';
import { isDatabaseAway } from '../prisma/away.js';
import type { Metrics } from './metrics.js';

type Result = 'done' | 'refused' | 'unknown' | 'away' | 'failed';

/** The same engine, its commands timed. */
export function timed(engine: Engine, { commands }: Pick<Metrics, 'commands'>): Engine {
  return around(engine, async (subject, command, work) => {
    const stop = commands.startTimer({ subject, command });
    try {
      const outcome = await work();
      stop({ outcome: resultOf(outcome) });
      return outcome;
    } catch (error) {
      stop({ outcome: failureOf(error) });
      throw error;
    }
  });
}

function resultOf(outcome: object): Result {
  return 'refusal' in outcome ? 'refused' : 'done';
}

function failureOf(error: unknown): Result {
  if (error instanceof OutcomeUnknown) return 'unknown';
  if (error instanceof EngineAway || isDatabaseAway(error)) return 'away';
  return error instanceof KeyReused ? 'refused' : 'failed';
}
