import { createFollowUp } from './followUp.js';
import { createNews, type Inform } from './news.js';
import { createRecording, type RecordingDeps } from './record.js';

/** Everything the workflows ask of the world. */
export function createActivities(deps: RecordingDeps & { inform: Inform }) {
  return { ...createRecording(deps), ...createFollowUp(deps), ...createNews(deps) };
}

export type Activities = ReturnType<typeof createActivities>;
