import { Command, Option } from 'commander';
import type { Role } from '../doctor/examined.js';
import type { Finding } from '../doctor/finding.js';

interface Options {
  json?: true;
  process?: Role;
}

/** `threefold doctor`: looks at a set-up without changing it, and says what to do; exit code 1 when something is wrong. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the set-up that the environment describes, or the running embedded one, and say what to do; exit code 1 when something is wrong')
    .addOption(new Option('--process <process>', 'only what this one needs; both unless told').choices(['api', 'worker']))
    .option('--json', 'for machines')
    .action(doctor);
}

async function doctor({ json, process: role }: Options): Promise<void> {
  const { examine } = await import('../doctor/doctor.js');
  const findings: Finding[] = [];
  for await (const finding of examine(process.env, role ? [role] : ['api', 'worker'])) {
    findings.push(finding);
    if (!json) process.stdout.write(`${lineOf(finding)}\n`);
  }
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  const wrong = count('wrong');
  if (json) process.stdout.write(`${JSON.stringify({ ok: wrong === 0, wrong, warnings: count('warning'), findings })}\n`);
  else process.stdout.write(`${findings.length} checks: ${wrong} wrong, ${count('warning')} warnings\n`);
  if (wrong > 0) process.exitCode = 1;
}

const signs: Record<Finding['state'], string> = { ok: 'ok', warning: 'WARNING', wrong: 'WRONG' };

function lineOf({ check, state, told, todo }: Finding): string {
  return `${signs[state].padEnd(8)} ${check}: ${told}${todo === null ? '' : ` → ${todo}`}`;
}
