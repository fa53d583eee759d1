import { Command } from 'commander';
import type { Finding } from '../../audit/audit.js';
import type { Subject } from '../../prisma/subject.js';
import { wrongUse } from '../exit.js';
import { runningConfiguration } from './running.js';

interface Options {
  all?: true;
  json?: true;
}

/** `threefold audit replay`: replays histories and compares the events with those recorded (spec: evidence, replay). */
export function auditCommand(): Command {
  const replay = new Command('replay')
    .description('replay the history of one case, or of all, and compare its events with those recorded; exit code 1 when they differ')
    .argument('[id]', 'id of a complaint or an investigation')
    .option('--all', 'every case')
    .option('--json', 'for machines')
    .action(replayCases);
  return new Command('audit').description('prove what is recorded').addCommand(replay);
}

/** What one case's replay came to; `finding` is null where neither the engine nor the archive has a history of it. */
export interface CaseFinding {
  subject: Subject;
  id: string;
  finding: Finding | null;
}

async function replayCases(id: string | undefined, { all, json }: Options): Promise<void> {
  if ((id === undefined) === (all === undefined)) throw wrongUse('threefold: audit replay takes an id, or --all.');
  const configuration = runningConfiguration(process.env);
  const { replayed } = await import('../replay.js');
  const findings: CaseFinding[] = [];
  for await (const one of replayed(configuration, id ?? null)) {
    findings.push(one);
    if (!json) process.stdout.write(lineOf(one));
  }
  const different = findings.filter((one) => !holds(one)).length;
  if (json) process.stdout.write(`${JSON.stringify({ cases: findings.length, different, findings: findings.map(flat) })}\n`);
  else process.stdout.write(`${findings.length} replayed, ${different} with differences\n`);
  if (different > 0) process.exitCode = 1;
}

function holds({ finding }: CaseFinding): boolean {
  return finding !== null && finding.deterministic && finding.differences.length === 0;
}

function lineOf(one: CaseFinding): string {
  const { subject, id, finding } = one;
  if (!finding) return `${subject} ${id}: no history\n`;
  if (holds(one)) return `${subject} ${id}: ${finding.events} events, as recorded\n`;
  const verdict = finding.deterministic ? 'deterministic' : 'not deterministic under this build';
  return `${subject} ${id}: ${finding.differences.length} differences; ${verdict}\n${finding.differences.map(differenceOf).join('')}`;
}

function differenceOf({ seq, field, recorded, replayed }: Finding['differences'][number]): string {
  const where = seq === undefined ? field : `event ${seq}, ${field}`;
  return `  ${where}: recorded ${JSON.stringify(recorded)}, replayed ${JSON.stringify(replayed)}\n`;
}

function flat({ subject, id, finding }: CaseFinding): object {
  return { subject, id, ...(finding ?? { deterministic: false, events: 0, differences: [] }) };
}
