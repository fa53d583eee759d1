import type { Engine, Outcome } from './engine.js';

/** Runs a call to the engine, and may do something before and after it. */
export type Around = <T extends object>(subject: string, command: string, work: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

/** The same engine with something around each call. Filing is the command `file`, opening an investigation `open`. */
export function around(engine: Engine, run: Around): Engine {
  const command = (request: Parameters<Engine['command']>[0]) => run(request.subject, request.name, () => engine.command(request as never));
  return {
    command: command as Engine['command'],
    intake: (request) => run('complaint', 'file', () => engine.intake(request)),
    openInvestigation: (request) => run('investigation', 'open', () => engine.openInvestigation(request)),
    escalate: (request) => run('complaint', 'escalate', () => engine.escalate(request)),
  };
}
