import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { News } from '../domain/complaint/command.js';

export interface Telling {
  investigation: string;
  news: News;
  /** of the investigation; absent where a version before this one asked for it */
  version?: number;
  complaints: string[];
}

/** Sends one case the news and records what it answers; quiet when the case has closed. `lost`: it has not, and its workflow is gone. */
export type Inform = (complaint: string, news: News, version?: number) => Promise<'told' | 'lost'>;

/** How far an attempt has come, kept with its heartbeat: the next attempt goes on there. */
interface Progress {
  /** cases up to here have been tried */
  tried: number;
  /** those of them that could not be told */
  left: string[];
  lost: string[];
}

/**
 * Carries an investigation's news to its complaints, one after the other (L3.4). One that does not answer holds up no other: it
 * is tried again with the next attempt, which a lost worker's successor makes too. Answers those whose workflow is gone: somebody has to
 * bring them back first.
 */
export function createNews({ inform }: { inform: Inform }) {
  return {
    async tellCases({ news, version, complaints }: Telling): Promise<string[]> {
      const context = Context.current();
      const before = progressOf(context.info.heartbeatDetails);
      const left: string[] = [];
      const lost = [...before.lost];
      const todo = [...before.left, ...complaints.slice(before.tried)];
      for (const [index, complaint] of todo.entries()) {
        const outcome = await inform(complaint, news, version).catch(() => 'failed' as const);
        if (outcome === 'failed') left.push(complaint);
        if (outcome === 'lost') lost.push(complaint);
        const tried = Math.max(before.tried, before.tried + index + 1 - before.left.length);
        const progress: Progress = { tried, left: [...left, ...before.left.slice(index + 1)], lost };
        context.heartbeat(progress);
      }
      if (left.length > 0) throw ApplicationFailure.retryable(`${String(left.length)} complaints could not be told yet`);
      return lost;
    },
  };
}

function progressOf(details: unknown): Progress {
  const known = details as Partial<Progress> | undefined;
  return { tried: known?.tried ?? 0, left: known?.left ?? [], lost: known?.lost ?? [] };
}
