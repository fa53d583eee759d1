import type { IncomingHttpHeaders } from 'node:http';

/** A request as it comes in. */
export interface Arrival {
  /** as it is told back in `X-Request-Id` */
  requestId: string;
  method: string;
  headers: IncomingHttpHeaders;
}

/** How a request ended. */
export interface Ending {
  method: string;
  /** as it is declared, never as it was called; null for what no route takes */
  route: string | null;
  /** the complaint or investigation it was about, where the path or the answer names one */
  subject: string | null;
  status: number | 'aborted';
  seconds: number;
}

/** One request under watch. */
export interface Watched {
  /** runs its handlers within what belongs to it, and its last line in the log */
  within(work: () => void): void;
  ended(ending: Ending): void;
}

/** Whoever watches requests go by: metrics, traces, correlation. Handed in, so that nothing in here knows how. */
export type Watch = (arrival: Arrival) => Watched;

/** Nobody watches. */
export const unwatched: Watch = () => ({ within: (work) => work(), ended: () => undefined });
