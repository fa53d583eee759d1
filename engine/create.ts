import { createCommands } from './commands.js';
import type { Deps } from './deps.js';
import type { ComplaintRequest, Engine, InvestigationRequest } from './engine.js';
import { createIntake } from './intake.js';
import { createInvestigations } from './investigations.js';
import type { Sweeper } from './sweeper.js';

/** The way into the engine (`Engine`), over one database and one Temporal namespace. */
export function createEngine(deps: Deps, sweeper: Pick<Sweeper, 'kick'>): Engine {
  const kick: Sweeper['kick'] = (intents) => {
    sweeper.kick(intents);
  };
  const commands = createCommands(deps, kick);
  const command = (request: ComplaintRequest | InvestigationRequest) =>
    request.subject === 'complaint' ? commands.complaint(request) : commands.investigation(request);
  return {
    command: command as Engine['command'],
    intake: createIntake(deps, kick),
    openInvestigation: createInvestigations(deps, kick),
    escalate: (request) => commands.escalate(request),
  };
}
