import type { InvestigationView } from '../../domain/investigation/schema.js';
import type { Investigation } from '../../domain/investigation/state.js';
import type { WordsRef } from '../../domain/event.js';
import { owns } from '../access/visibility.js';
import { readers, type Say } from '../access/words.js';
import type { Deps } from '../deps.js';
import type { Caller } from '../http/caller.js';

/** Shows investigations to a caller: their words to who may read a case's words, and to the owner of a measure. */
export function investigationPresenter({ vault }: Pick<Deps, 'vault'>) {
  async function list(caller: Caller, states: readonly Investigation[]): Promise<InvestigationView[]> {
    const open = states.filter((state) => caller.roles.some((role) => readers.includes(role)) || owns(caller, state));
    const words = await vault.read(open.flatMap(refsOf));
    return states.map((state) => investigationView(state, (ref) => (ref === null ? null : words.get(ref) ?? null)));
  }
  return {
    list,
    async one(caller: Caller, state: Investigation): Promise<InvestigationView> {
      const [view] = await list(caller, [state]);
      if (!view) throw new Error('nothing was shown of one investigation');
      return view;
    },
  };
}

function investigationView(state: Investigation, say: Say): InvestigationView {
  return {
    id: state.id, version: state.version, title: say(state.title), type: state.type, status: state.status, complaints: state.complaints,
    causes: state.causes.map(({ id, category, text, whys, state: found }) =>
      ({ id, category, text: say(text), whys: whys.map(say), state: found })),
    measures: state.measures.map(({ id, cause, text, owner, dueAt, goal, observeDays, state: reached, readings }) =>
      ({ id, cause, text: say(text), owner, dueAt, goal: { ...goal, metric: say(goal.metric) }, observeDays, state: reached, readings })),
    elsewhere: state.elsewhere.map(({ place, outcome }) => ({ place: say(place), outcome: say(outcome) })),
  };
}

function refsOf({ title, causes, measures, elsewhere }: Investigation): (WordsRef | null)[] {
  return [
    title,
    ...causes.flatMap((cause) => [cause.text, ...cause.whys]),
    ...measures.flatMap((measure) => [measure.text, measure.goal.metric]),
    ...elsewhere.flatMap(({ place, outcome }) => [place, outcome]),
  ];
}
