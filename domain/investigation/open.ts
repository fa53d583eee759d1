import type { InvestigationEvent } from './event.js';
import type { Open } from './command.js';

/** The first events of an investigation: `opened`, and one `linked` for each complaint it starts with, all at the command's instant. */
export function openInvestigation(open: Open, complaints: readonly string[] = []): InvestigationEvent[] {
  const { id, at, by, role, data } = open;
  const stamp = { at, by, role, command: id };
  const { title, type, whys } = data;
  return [
    { ...stamp, seq: 1, type: 'opened', data: { title, type, whys } },
    ...[...new Set(complaints)].map((complaint, i) => ({ ...stamp, seq: i + 2, type: 'linked' as const, data: { complaint } })),
  ];
}
