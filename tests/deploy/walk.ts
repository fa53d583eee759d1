import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join, posix } from 'node:path';
import { contextFiles, root } from './context.js';
import { last, pairs, readDockerfile, type Instruction, type Stage } from './dockerfile.js';

/** What a container of the image would be: a folder as its root, and what runs in it. */
export interface Walked {
  /** the root of the last stage's files */
  folder: string;
  workdir: string;
  user: { uid: number; gid: number };
  env: Record<string, string>;
  entrypoint: string[];
  health: string[];
  /** what the steps said */
  log: string;
}

interface Walking {
  folder: string;
  workdir: string;
  env: Record<string, string>;
}

/**
 * Does what an engine would do with the Dockerfile, in plain folders: the base images are this machine with `node`, every RUN
 * is run and every COPY made, from the files that `.dockerignore` lets through.
 */
export function walkDockerfile(into: string, node: string): Walked {
  const stages = readDockerfile(join(root, 'Dockerfile'));
  const done = new Map<string, Walking>();
  let log = '';
  for (const stage of stages) {
    const here: Walking = { folder: join(into, stage.name), workdir: '/', env: {} };
    mkdirSync(join(here.folder, 'usr/local/bin'), { recursive: true });
    if (stage.from.startsWith('node:')) copyFileSync(node, join(here.folder, 'usr/local/bin/node'));
    for (const instruction of stage.instructions) log += step(instruction, here, done);
    done.set(stage.name, here);
  }
  const stage = stages.at(-1)!;
  return { ...done.get(stage.name)!, ...startOf(stage), log };
}

function step(instruction: Instruction, here: Walking, done: Map<string, Walking>): string {
  if (instruction.keyword === 'WORKDIR') {
    here.workdir = posix.resolve(here.workdir, instruction.text);
    mkdirSync(join(here.folder, here.workdir), { recursive: true });
  }
  if (instruction.keyword === 'ENV') Object.assign(here.env, pairs(instruction.text));
  if (instruction.keyword === 'COPY') copy(instruction, here, done);
  if (instruction.keyword === 'RUN') return run(instruction, here);
  return '';
}

function run({ text }: Instruction, { folder, workdir, env }: Walking): string {
  const path = [join(folder, 'usr/local/bin'), process.env['PATH'] ?? ''].join(delimiter);
  const { NODE_ENV: _, ...outside } = process.env;
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', text], { cwd: join(folder, workdir), env: { ...outside, ...env, PATH: path }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`RUN ${text}\n${stdout}${stderr}`);
  return `RUN ${text}\n${stdout}`;
}

function copy({ text, flags }: Instruction, here: Walking, done: Map<string, Walking>): void {
  const words = text.split(/\s+/);
  const target = join(here.folder, posix.resolve(here.workdir, words.at(-1)!));
  const intoFolder = /\/$|^\.$/.test(words.at(-1)!);
  for (const source of words.slice(0, -1)) {
    if (flags['from'] === undefined) copyContext(source, target);
    else {
      const path = join(done.get(flags['from'])!.folder, source);
      const isFolder = statSync(path).isDirectory();
      cpSync(path, intoFolder && !isFolder ? join(target, basename(path)) : target, { recursive: true, verbatimSymlinks: true });
    }
  }
}

/** A file keeps its name in a folder; of a folder it is the content that is copied. */
function copyContext(source: string, target: string): void {
  const files = contextFiles().filter((path) => source === '.' || path === source || path.startsWith(`${source}/`));
  if (files.length === 0) throw new Error(`${source} is not in the build context`);
  for (const path of files) {
    const inside = source === '.' ? path : path === source ? basename(path) : path.slice(source.length + 1);
    mkdirSync(dirname(join(target, inside)), { recursive: true });
    copyFileSync(join(root, path), join(target, inside));
  }
}

function startOf(stage: Stage): Pick<Walked, 'user' | 'entrypoint' | 'health'> {
  const [uid, gid] = last(stage, 'USER')!.text.split(':').map(Number);
  return { user: { uid: uid!, gid: gid! }, entrypoint: last(stage, 'ENTRYPOINT')!.exec!, health: last(stage, 'HEALTHCHECK')!.exec! };
}

/** Size of the image's own files, in MB. */
export function megabytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { stdout } = spawnSync('du', ['-sm', folder], { encoding: 'utf8' });
  return Number(stdout.split('\t')[0]);
}
