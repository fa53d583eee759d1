import type { Database } from '../prisma/database.js';
import { createFollowUp } from './followUp.js';
import { createNews, type Inform } from './news.js';
import { createRecording } from './record.js';

/** Everything the workflows ask of the world. */
export function createActivities(deps: { database: Database; inform: Inform }) {
  return { ...createRecording(deps), ...createFollowUp(deps), ...createNews(deps) };
}

export type Activities = ReturnType<typeof createActivities>;
