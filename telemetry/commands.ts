import type { Engine, Outcome } from '../engine/engine.js';
import { EngineAway, KeyReused, OutcomeUnknown } from '../engine/failure.js';
import { isDatabaseAway } from '../prisma/away.js';
import type { Metrics } from './metrics.js';

type Result = 'done' | 'refused' | 'unknown' | 'away' | 'failed';

/** The same engine, its commands timed. Filing is the command `file`, opening an investigation `open`. */
export function timed(engine: Engine, { commands }: Pick<Metrics, 'commands'>): Engine {
  async function time<T extends object>(subject: string, command: string, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const stop = commands.startTimer({ subject, command });
    try {
      const outcome = await work();
      stop({ outcome: resultOf(outcome) });
      return outcome;
    } catch (error) {
      stop({ outcome: failureOf(error) });
      throw error;
    }
  }
  const command = (request: Parameters<Engine['command']>[0]) => time(request.subject, request.name, () => engine.command(request as never));
  return {
    command: command as Engine['command'],
    intake: (request) => time('complaint', 'file', () => engine.intake(request)),
    openInvestigation: (request) => time('investigation', 'open', () => engine.openInvestigation(request)),
    escalate: (request) => time('complaint', 'escalate', () => engine.escalate(request)),
  };
}

function resultOf(outcome: object): Result {
  return 'refusal' in outcome ? 'refused' : 'done';
}

function failureOf(error: unknown): Result {
  if (error instanceof OutcomeUnknown) return 'unknown';
  if (error instanceof EngineAway || isDatabaseAway(error)) return 'away';
  return error instanceof KeyReused ? 'refused' : 'failed';
}
