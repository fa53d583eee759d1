import type { ComplaintView } from '../../api/complaints/shape.js';
import type { Case } from './case.js';
import type { Http } from './http.js';
import type { ChannelKey } from './people.js';
import type { Row } from './rows.js';

/** Where a case must stand when its path is over. */
export interface Ending {
  status: ComplaintView['status'];
  customer: ComplaintView['tracks']['customer'];
  responsibility?: ComplaintView['tracks']['responsibility'];
  cause?: ComplaintView['tracks']['cause'];
  cycle?: number;
  /** a clock that must have been missed */
  breached?: ComplaintView['clocks'][number]['name'];
  /** what must have raised it, at least once */
  raisedBy?: ComplaintView['escalations'][number]['cause'];
  /** the lowest rung that it must have come to */
  rung?: number;
}

export interface Stage {
  http: Http;
  /** the version of the rehearsal policy that this run has published */
  policy: { name: string; version: number };
}

/** One course that a complaint may take, and how many of the demo's take it. */
export interface Path {
  name: string;
  title: string;
  cases: number;
  /** which rows are right for it; left out: any */
  fits?: (row: Row) => boolean;
  /** begins at once and beside the others, since it waits for a clock */
  waits?: true;
  /** the channel that files it with its own key, under the current policy; left out: an agent does, under the rehearsal's */
  filedBy?: (row: Row) => ChannelKey;
  /** what the agent does on filing and everybody after it; `nth` counts the path's cases from 0 */
  play(one: Case, nth: number): Promise<void>;
  /** what is done with all of them at the end */
  together?(cases: readonly Case[], stage: Stage): Promise<void>;
  ends: Ending;
}
