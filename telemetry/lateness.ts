import type { Histogram } from 'prom-client';

interface Recorded {
  at: string;
  command: string | null;
}

/**
 * Observes how late what a case did alone was recorded, once for each instant. Such an event carries its deadline's own instant,
 * however late the timer was.
 */
export function observeLateness(lateness: Histogram, now: () => number = Date.now): (events: readonly Recorded[]) => void {
  return (events) => {
    const instants = new Set(events.filter(({ command }) => command === null).map(({ at }) => at));
    for (const at of instants) lateness.observe(Math.max(0, now() - Date.parse(at)) / 1000);
  };
}
