import { proxyActivities, proxySinks, type Sinks } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';

/** Our own database comes back: tried for ever, at most ten seconds apart. */
const untilItWorks = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;

/** A statement gives up after ten seconds: an attempt that outlasts that was lost with its worker. */
export const { record, attemptFollowUp } = proxyActivities<Activities>({ startToCloseTimeout: '12s', retry: untilItWorks });

/** A verdict for many cases is one activity that says how far it is. */
export const { tellCases } = proxyActivities<Activities>({ startToCloseTimeout: '1h', heartbeatTimeout: '30s', retry: untilItWorks });

/** Every event leaves here, in a replay too: that is how a replay is compared with the record. Live workers do nothing with it. */
export interface EventSinks extends Sinks {
  events: { emit(subject: string, event: ComplaintEvent | InvestigationEvent): void };
}

export const { events: sink } = proxySinks<EventSinks>();
