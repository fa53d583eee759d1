import { Context } from '@temporalio/activity';
import type { News } from '../domain/complaint/command.js';
import type { Instant } from '../domain/time.js';

export interface Telling {
  investigation: string;
  news: News;
  complaints: string[];
  /** the instant of the investigation's event that made the news */
  at: Instant;
}

/** Sends one case the news and records what it answers; quiet when the case has closed. */
export type Inform = (complaint: string, news: News, at: Instant) => Promise<void>;

/** Carries an investigation's news to its complaints, one after the other, and goes on where a lost worker stopped (L3.4). */
export function createNews({ inform }: { inform: Inform }) {
  return {
    async tellCases({ news, complaints, at }: Telling): Promise<void> {
      const heartbeatDetails: unknown = Context.current().info.heartbeatDetails;
      const done = typeof heartbeatDetails === 'number' ? heartbeatDetails : 0;
      for (const [index, complaint] of complaints.entries()) {
        if (index < done) continue;
        await inform(complaint, news, at);
        Context.current().heartbeat(index + 1);
      }
    },
  };
}
