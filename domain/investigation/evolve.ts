import { latest } from '../time.js';
import type { InvestigationEvent, MeasureAdded, Opened } from './event.js';
import type { Cause, Investigation, Measure } from './state.js';

/** The investigation after one more event. The first event is `opened`. Pure, and total over every event ever released. */
export function evolve(state: Investigation | null, event: InvestigationEvent, id: string): Investigation {
  if (event.type === 'opened') return opened(id, event);
  if (state === null) throw new Error(`the first event of investigation ${id} is ${event.type}, not opened`);
  return { ...state, ...changes(state, event), version: event.seq, lastAt: latest(state.lastAt, event.at) };
}

/** The investigation as the fold of all its events; null when there are none. */
export function fold(id: string, events: InvestigationEvent[], from: Investigation | null = null): Investigation | null {
  return events.reduce<Investigation | null>((state, event) => evolve(state, event, id), from);
}

function opened(id: string, { seq, at, data }: Opened): Investigation {
  return {
    id, version: seq, lastAt: at, title: data.title, type: data.type, whys: data.whys, status: 'open',
    openedAt: at, rootAt: null, measureAt: null, concludedAt: null, reopenedFor: null,
    complaints: [], causes: [], measures: [], elsewhere: [],
  };
}

function changes(state: Investigation, event: Exclude<InvestigationEvent, Opened>): Partial<Investigation> {
  switch (event.type) {
    case 'linked':
      return { complaints: [...state.complaints, event.data.complaint] };
    case 'cause_added': {
      const { cause, category, text, whys } = event.data;
      return { causes: [...state.causes, { id: cause, category, text, whys, state: 'candidate', note: null }] };
    }
    case 'why_added': {
      const { cause, text } = event.data;
      return { causes: state.causes.map((one) => (one.id === cause ? { ...one, whys: [...one.whys, text] } : one)) };
    }
    case 'cause_found': {
      const { cause, root, note } = event.data;
      const found: Pick<Cause, 'state' | 'note'> = { state: root ? 'root' : 'ruled_out', note };
      return {
        causes: state.causes.map((one) => (one.id === cause ? { ...one, ...found } : one)),
        rootAt: state.rootAt ?? (root ? event.at : null),
      };
    }
    case 'measure_added':
      return { measures: [...state.measures, added(event)], measureAt: state.measureAt ?? event.at };
    case 'measure_reminded':
      return inMeasure(state, event.data.measure, () => ({ reminded: true }));
    case 'measure_overdue':
      return inMeasure(state, event.data.measure, () => ({ overdue: true }));
    case 'measure_done': {
      const { measure, note, observeUntil } = event.data;
      return inMeasure(state, measure, () => ({ state: 'done', doneAt: event.at, observeUntil, note }));
    }
    case 'reading_taken': {
      const { measure, value, takenAt } = event.data;
      return inMeasure(state, measure, ({ readings }) => ({ readings: [...readings, { value, at: takenAt }] }));
    }
    case 'verdict_given': {
      const { measure, effective, note } = event.data;
      return inMeasure(state, measure, () => ({ state: effective ? 'effective' : 'ineffective', verdict: { by: event.by, at: event.at, note } }));
    }
    case 'reopened':
      return { status: 'open', concludedAt: null, reopenedFor: event.data.receivedAt };
    case 'concluded':
      return { status: 'concluded', concludedAt: event.at };
  }
}

function added({ at, data }: MeasureAdded): Measure {
  const { measure, ...planned } = data;
  return {
    ...planned, id: measure, addedAt: at, state: 'open', doneAt: null, observeUntil: null,
    reminded: false, overdue: false, readings: [], note: null, verdict: null,
  };
}

function inMeasure(state: Investigation, id: string, change: (measure: Measure) => Partial<Measure>): Pick<Investigation, 'measures'> {
  return { measures: state.measures.map((measure) => (measure.id === id ? { ...measure, ...change(measure) } : measure)) };
}
