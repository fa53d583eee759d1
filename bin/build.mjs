// Builds what the processes run: Prisma client, dist/, the workflow bundles. A step whose inputs are unchanged is left out.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone, changed, filesIn, remember } from './build/inputs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const folders = ['domain', 'workflows', 'activities', 'prisma', 'calendars', 'api', 'engine', 'audit', 'deliveries', 'telemetry', 'bin'];
const require = createRequire(import.meta.url);

class BuildFailure extends Error {}

// An install without what a build needs leaves what has been built as it is.
const installs = process.env.npm_lifecycle_event === 'prepare' && /\bdev\b/.test(process.env.npm_config_omit ?? '');
if (installs && existsSync(join(dist, 'bin/threefold.js'))) process.exit();

process.chdir(root);
const release = await alone(dist);
for (const step of [generateClient, copyAssets, compile, bundlePlain, bundleTraced]) {
  try {
    await step();
  } catch (error) {
    // The later steps are tried all the same: tsc writes what it can, and one unfinished file need not stop work on another.
    console.error(error instanceof BuildFailure ? error.message : error);
    process.exitCode = 1;
  }
}
release();

function generateClient() {
  const inputs = filesIn(['prisma'], (path) => path.endsWith('.prisma'));
  if (inputs.length === 0 || !changed('client', [...inputs, 'package-lock.json'], [join(root, 'prisma/generated')])) return;
  // `prisma generate` only checks that a schema engine is there; it never runs it, so any executable will do and nothing is downloaded.
  run('prisma generate', require.resolve('prisma/build/index.js'), ['generate', '--schema', schemaPath(inputs)], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  remember('client');
}

/** Prisma takes one file or the folder of several. */
function schemaPath(inputs) {
  return inputs.length === 1 ? inputs[0] : dirname(inputs[0]);
}

function compile() {
  const inputs = filesIn(folders, isSource);
  if (inputs.length === 0 || !changed('compile', [...inputs, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'], [join(dist, '.tsbuildinfo')])) return;
  run('tsc', require.resolve('typescript/bin/tsc'), ['-p', 'tsconfig.build.json', '--pretty', String(process.stdout.isTTY === true)]);
  removeLeftovers(new Set(inputs.map((path) => path.replace(/\.ts$/, '.js'))));
  remember('compile');
}

/** tsc never removes what it once wrote; a file that has gone from the sources must not live on in dist. */
function removeLeftovers(expected) {
  for (const path of filesIn([dist], (file) => file.endsWith('.js') && file !== 'workflows.bundle.js', dist)) {
    if (expected.has(path) || !folders.some((folder) => path.startsWith(`${folder}/`))) continue;
    for (const end of ['', '.map']) rmSync(join(dist, path + end), { force: true });
  }
}

/** Whatever is no source is data that a source reads: migrations, the schema, word lists, pages. */
function copyAssets() {
  const inputs = filesIn(folders, (path) => !isSource(path) && !path.startsWith('prisma/generated/') && !path.endsWith('.mjs') && !path.endsWith('.md'));
  if (inputs.length === 0 || !changed('assets', inputs, [dist])) return;
  for (const path of inputs) {
    const target = join(dist, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
  remember('assets');
}

/** What workers run and replays replay. */
async function bundlePlain() {
  await bundleWorkflows('bundle', 'workflows.bundle.js', []);
}

/** The same workflows for workers whose traces go somewhere. */
async function bundleTraced() {
  await bundleWorkflows('traced bundle', 'workflows.traced.bundle.js', ['telemetry/workflow.js']);
}

async function bundleWorkflows(step, name, interceptors) {
  const entry = join(dist, 'workflows/index.js');
  const preloaded = join(dist, 'workflows/preloaded.js');
  const target = join(dist, name);
  const workflowInterceptorModules = interceptors.map((path) => join(dist, path));
  if (![entry, ...workflowInterceptorModules].every((path) => existsSync(path))) return;
  const inputs = filesIn([join(dist, 'workflows'), join(dist, 'domain')], (path) => path.endsWith('.js'), root);
  const others = [...interceptors.map((path) => join('dist', path)), 'bin/build.mjs', 'package.json', 'package-lock.json'];
  if (!changed(step, [...inputs, ...others], [target, join(dist, 'workflows.version')])) return;
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, workflowInterceptorModules, preloadModules: [preloaded], logger: quiet });
  writeFileSync(target, code);
  writeFileSync(join(dist, 'workflows.version'), `${require('../package.json').version}\n`);
  remember(step);
}

function isSource(path) {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}

function run(name, script, args, env = {}) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0) throw new BuildFailure(`${stdout}${stderr}\nbuild: ${name} failed`);
  console.log(`build: ${name}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
