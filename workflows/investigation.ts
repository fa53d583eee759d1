import { allHandlersFinished, CancellationScope, condition, continueAsNew, patched, setHandler } from '@temporalio/workflow';
import { investigationCommandNames, type InvestigationCommand, type InvestigationCommandName } from '../domain/investigation/command.js';
import { advance, decide, nextDeadline } from '../domain/investigation/decide.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import { evolve } from '../domain/investigation/evolve.js';
import { newsOf } from '../domain/investigation/news.js';
import type { Investigation } from '../domain/investigation/state.js';
import { instant } from '../domain/time.js';
import { deadlines } from './deadlines.js';
import { answering, openJournal, recording, settling, type Journal } from './journal.js';
import { lengthOfRun } from './length.js';
import { investigationUpdate, settleUpdate, type InvestigationStart } from './messages.js';
import { record, tellCases } from './proxies.js';

type Book = Journal<Investigation, InvestigationEvent>;

/** Level 3, shared by several complaints. It goes on after its conclusion, for those linked later (spec: case, investigations). */
export async function investigation(start: InvestigationStart): Promise<void> {
  const { investigation: id } = start;
  const journal = openJournal<Investigation, InvestigationEvent>({ subject: id, events: start.events, carried: start.carried, evolve });
  const told = { ...start.told };
  const ending = lengthOfRun();
  let toldAll = false;

  for (const name of investigationCommandNames) onCommand(journal, name, told);
  setHandler(settleUpdate(), settling(journal));

  await CancellationScope.nonCancellable(async () => {
    await Promise.all([
      deadlines(journal, { next: nextDeadline, advance }, ending),
      telling(id, journal, ending, told).then(() => (toldAll = true)),
      // last, for what is not recorded when the run ends is lost
      recording(
        journal,
        () => ending() && toldAll,
        (events) => record({ subject: 'investigation', id, events }),
      ),
    ]);
    await condition(allHandlersFinished);
  });
  await continueAsNew<typeof investigation>({ ...start, events: [], carried: journal.carry(), told });
}

function onCommand(journal: Book, name: InvestigationCommandName, told: Record<string, string>): void {
  const { handler, validator } = answering<Investigation, InvestigationEvent, InvestigationCommand>(
    journal,
    (state, { command, ifMatch }) => decide(state, command, instant(Date.now()), ifMatch),
  );
  const handle: typeof handler = (sent) => {
    // named when this was opened, a complaint may have been told before its own case knew of the link: then it took no news
    if (sent.command.name === 'link') Reflect.deleteProperty(told, sent.command.data.complaint);
    return handler(sent);
  };
  setHandler(investigationUpdate(name), handle, { validator });
}

/** A case whose workflow is gone may have been brought back by then. */
const UNTIL_BACK = '1 hour';

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
    // noted before they are told, so that one that is linked anew meanwhile is told again
    for (const complaint of complaints) told[complaint] = standing;
    const lost = new Set(await tellCases({ investigation: id, news, version: journal.state.version, complaints }));
    // workflows of a version before this one did not ask who is lost
    if (lost.size === 0 || !patched('lost-are-told-again')) continue;
    for (const complaint of lost) Reflect.deleteProperty(told, complaint);
    const isForOthers = () => untold().standing !== standing || untold().complaints.some((complaint) => !lost.has(complaint));
    if (!ended()) await condition(() => ended() || isForOthers(), UNTIL_BACK);
    // the next run tells them
    if (ended()) return;
  }
}
