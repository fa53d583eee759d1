import { SETTLED, type Answer } from '../domain/event.js';
import { rowOf } from '../prisma/columns.js';
import type { Database } from '../prisma/database.js';
import { lastCausedBy } from '../prisma/events.js';
import { dropIntent, intentById, type Intent } from '../prisma/intents.js';
import { recordOrMend } from '../prisma/mending.js';
import type { EventOf, StateOf, Subject } from '../prisma/subject.js';
import type { Deps } from './deps.js';
import { CaseLost, OutcomeUnknown } from './failure.js';
import { updateLiving, type Command } from './living.js';

export interface Finished<S extends Subject> {
  version: number;
  state: StateOf<S>;
  /** intents that came into being with it, to be finished next */
  raised: Intent[];
}

/**
 * Drops what was refused, with its words. What cannot be dropped was done before: an ended run refuses what it has taken, and the
 * record tells. Or it has had another sender, who may still be heard: then the engine settles first that it never will be.
 */
export async function doneBefore<S extends Subject>(deps: Deps, subject: S, intent: Intent): Promise<Finished<S> | null> {
  const { database } = deps;
  try {
    if (await dropIntent(database, intent.id)) return null;
    const before = await caused();
    if (before !== null) return await recorded(before, []);
    if ((await intentById(database, intent.id)) === null) return null;
    const answer = await settle(deps, subject, intent);
    if (answer.version !== SETTLED) return await recorded(answer.version, answer.events);
    if (await dropIntent(database, intent.id, true)) return null;
    const since = await caused();
    return since === null ? null : await recorded(since, []);
  } catch (error) {
    throw new OutcomeUnknown('The refused command could not be taken back yet.', { cause: error });
  }

  function caused(): Promise<number | null> {
    return lastCausedBy(database, subject, intent.subjectId, intent.id);
  }

  async function recorded(version: number, events: EventOf<S>[]): Promise<Finished<S>> {
    const outcome = { subject, id: intent.subjectId, events, intent: { id: intent.id, version } };
    const { state, raised } = await recordOrMend(database, outcome, deps.recall);
    return { version, state, raised };
  }
}

/**
 * Asks the engine to take this command from nobody any more (docs/decisions/0004). The answer is that of the command itself if it
 * was taken after all; else its version is `SETTLED`. A run that has ended takes nothing anyway.
 */
async function settle<S extends Subject>(deps: Deps, subject: S, { id, subjectId }: Intent): Promise<Answer<EventOf<S>>> {
  const command = { id, name: 'settle' };
  const row = await rowOf(deps.database, subject, subjectId);
  const sent: Command = { command, head: row?.head ?? 0, ifMatch: null, signature: deps.sign(subjectId, command) };
  const updated = await updateLiving(deps, subject, subjectId, sent);
  return 'answer' in updated ? updated.answer : { version: SETTLED, events: [] };
}

/** What was settled before, by a sender who may have died over it, goes now. Asked again under its key, it is a new command. */
export async function takenBack(database: Database, { id }: Intent): Promise<never> {
  await dropIntent(database, id, true);
  throw new OutcomeUnknown('It was refused to another sender, and taken back.');
}

/** What nobody can do is taken back like what was refused. */
export function whenLost({ database }: Deps, intent: Intent): (error: unknown) => Promise<never> {
  return async (error) => {
    // a migration is asked of many: what a lost case cannot take must not keep the others waiting
    if (error instanceof CaseLost) await dropIntent(database, intent.id, intent.name === 'migrate');
    throw error;
  };
}
