import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { InvestigationEvent } from '../../domain/investigation/event.js';
import { millis, type Instant } from '../../domain/time.js';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;

/** What happened, one line an event: when, in units after `from`, and what. */
export function story(events: readonly (ComplaintEvent | InvestigationEvent)[], from: Instant, unit: number): string[] {
  return events.map((event) => `${String((millis(event.at) - millis(from)) / unit)} ${told(event)}`);
}

function told(event: ComplaintEvent | InvestigationEvent): string {
  switch (event.type) {
    case 'clock_warned':
      return `${event.data.clock} warned ${String(event.data.percent)}`;
    case 'clock_breached':
      return `${event.data.clock} breached`;
    case 'escalated':
      return `${event.data.escalation} ${String(event.data.from)}→${String(event.data.to)} ${event.data.cause} ${event.data.clock ?? ''}`.trim();
    case 'follow_up_attempted':
      return `follow_up_attempted ${String(event.data.attempt)}/${String(event.data.of)}`;
    case 'resumed':
      return `resumed ${event.data.cause}`;
    default:
      return event.type;
  }
}
