import { readFileSync } from 'node:fs';

/** One instruction of a Dockerfile, with its variables filled in. */
export interface Instruction {
  keyword: string;
  flags: Record<string, string>;
  /** what follows keyword and flags */
  text: string;
  /** the words of the exec form, or null where it is written for a shell */
  exec: string[] | null;
}

/** A stage: what it is built from, and what is done to it. */
export interface Stage {
  name: string;
  from: string;
  instructions: Instruction[];
}

const known = ['FROM', 'ARG', 'LABEL', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];

/** The stages of a Dockerfile. Throws on whatever this reader does not know, so that nothing is passed over in silence. */
export function readDockerfile(path: string): Stage[] {
  const outer: Record<string, string> = {};
  const stages: Stage[] = [];
  let inner: Record<string, string> = {};
  for (const line of linesOf(readFileSync(path, 'utf8'))) {
    const instruction = instructionOf(filled(line, stages.length === 0 || line.startsWith('FROM') ? outer : inner));
    const { keyword, text } = instruction;
    if (keyword === 'ARG') {
      const [name, value] = pair(text);
      (stages.length === 0 ? outer : inner)[name] = value;
    } else if (keyword === 'FROM') {
      const [, from, , name] = /^(\S+)(\s+AS\s+(\S+))?$/.exec(text) ?? [];
      if (from === undefined) throw new Error(`FROM ${text} is not understood`);
      stages.push({ name: name ?? String(stages.length), from, instructions: [] });
      inner = {};
    } else {
      stages.at(-1)!.instructions.push(instruction);
    }
  }
  return stages;
}

/** The last instruction of a kind in a stage. */
export function last(stage: Stage, keyword: string): Instruction | undefined {
  return stage.instructions.findLast((one) => one.keyword === keyword);
}

/** `A=b C="d e"` as pairs. */
export function pairs(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\S+?)=("[^"]*"|\S+)/g)].map(([one]) => pair(one)));
}

function linesOf(content: string): string[] {
  const kept = content.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return kept.join('\n').replaceAll(/\\\n\s*/g, ' ').split('\n');
}

function instructionOf(line: string): Instruction {
  const [, keyword = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  if (!known.includes(keyword)) throw new Error(`${line} is not understood`);
  const flags: Record<string, string> = {};
  const text = rest.replace(/^(--[a-z-]+=\S+\s+)+/, (given) => {
    for (const flag of given.trim().split(/\s+/)) Object.assign(flags, Object.fromEntries([pair(flag.slice(2))]));
    return '';
  });
  const command = text.replace(/^CMD\s+/, '');
  return { keyword, flags, text, exec: command.startsWith('[') ? (JSON.parse(command) as string[]) : null };
}

function filled(line: string, variables: Record<string, string>): string {
  return line.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${name} is not declared before ${line}`);
    return value;
  });
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1).replace(/^"(.*)"$/, '$1')];
}
