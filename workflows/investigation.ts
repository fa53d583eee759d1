import { allHandlersFinished, CancellationScope, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { investigationCommandNames, type InvestigationCommand, type InvestigationCommandName } from '../domain/investigation/command.js';
import { advance, decide, nextDeadline } from '../domain/investigation/decide.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import { evolve } from '../domain/investigation/evolve.js';
import { newsOf } from '../domain/investigation/news.js';
import type { Investigation } from '../domain/investigation/state.js';
import { instant, millis, SECOND } from '../domain/time.js';
import { answering, openJournal, recording, type Journal } from './journal.js';
import { investigationQuery, investigationUpdate, type InvestigationStart } from './messages.js';
import { record, tellCases } from './proxies.js';

type Book = Journal<Investigation, InvestigationEvent>;

/** Level 3, shared by several complaints. It goes on after its conclusion, for those linked later (spec: case, investigations). */
export async function investigation(start: InvestigationStart): Promise<void> {
  const { investigation: id } = start;
  const journal = openJournal<Investigation, InvestigationEvent>({ subject: id, events: start.events, carried: start.carried, evolve });
  const told = { ...start.told };
  const ending = () => workflowInfo().continueAsNewSuggested;

  for (const name of investigationCommandNames) onCommand(journal, name);
  setHandler(investigationQuery, () => journal.state);

  await CancellationScope.nonCancellable(async () => {
    await Promise.all([
      deadlines(journal, ending),
      recording(journal, ending, (events) => record({ subject: 'investigation', id, events })),
      telling(id, journal, ending, told),
    ]);
    await condition(allHandlersFinished);
  });
  await continueAsNew<typeof investigation>({ ...start, events: [], carried: journal.carry(), told });
}

function onCommand(journal: Book, name: InvestigationCommandName): void {
  const { handler, validator } = answering<Investigation, InvestigationEvent, InvestigationCommand>(
    journal,
    (state, { command, ifMatch }) => decide(state, command, instant(Date.now()), ifMatch),
  );
  setHandler(investigationUpdate(name), handler, { validator });
}

/** A measure has a due date, with a reminder before and a word after. */
async function deadlines(journal: Book, ended: () => boolean): Promise<void> {
  while (!ended()) {
    journal.alone(advance(journal.state, instant(Date.now() - SECOND + 1)));
    const next = nextDeadline(journal.state);
    const moved = () => ended() || nextDeadline(journal.state) !== next;
    if (next === null) await condition(moved);
    else await condition(moved, Math.max(1, millis(next) + SECOND - Date.now()));
  }
}

/** Carries what has been found to every linked complaint, each time it changes and to each that joins. */
async function telling(id: string, journal: Book, ended: () => boolean, told: Record<string, string>): Promise<void> {
  const untold = () => {
    const news = newsOf(journal.state);
    const standing = [news.rootAt, news.measureAt, news.verifiedAt].join(' ').trim();
    return {
      news,
      standing,
      complaints: standing === '' ? [] : journal.state.complaints.filter((complaint) => told[complaint] !== standing),
    };
  };
  for (;;) {
    await condition(() => ended() || untold().complaints.length > 0);
    const { news, standing, complaints } = untold();
    if (complaints.length === 0) return;
    await tellCases({ investigation: id, news, complaints, at: journal.state.lastAt });
    for (const complaint of complaints) told[complaint] = standing;
  }
}
