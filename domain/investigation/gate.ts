import type { Investigation } from './state.js';

export type InvestigationMissing = 'root-missing' | 'measure-not-effective' | 'elsewhere-open';

/** What stands between an investigation and its conclusion, as stable codes; empty when it can be concluded (L3.1–L3.4). */
export function missing(state: Investigation): InvestigationMissing[] {
  const roots = state.causes.filter((cause) => cause.state === 'root');
  const isAnswered = (root: string) => state.measures.some((measure) =>
    measure.cause === root && measure.state === 'effective' && (measure.doneAt ?? '') > (state.reopenedFor ?? ''));
  const list: InvestigationMissing[] = [];
  if (roots.length === 0) list.push('root-missing');
  if (!roots.every((root) => isAnswered(root.id))) list.push('measure-not-effective');
  if (state.elsewhere.some((place) => place.outcome === null)) list.push('elsewhere-open');
  return list;
}
