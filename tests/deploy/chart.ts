import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readSettings } from '../../bin/configuration.js';
import { root } from './context.js';

export const chart = join(root, 'deploy/helm/threefold');

/** A file of the chart, read as YAML. */
export function read(path: string): unknown {
  return parse(readFileSync(join(chart, path), 'utf8'));
}

/** The sets of values that the chart is tried with. */
export const cases = readdirSync(join(chart, 'ci')).filter((name) => name.endsWith('-values.yaml'));

/** All templates, by name. */
export const templates = Object.fromEntries(
  readdirSync(join(chart, 'templates')).map((name) => [name, readFileSync(join(chart, 'templates', name), 'utf8')]),
);

/** Helm, where it is on the PATH or in the cache; the checks that need no Helm run everywhere. */
export const helm = [...(process.env['PATH'] ?? '').split(delimiter), join(readSettings(process.env).cacheDir, 'bin')]
  .map((folder) => join(folder, 'helm'))
  .find((path) => existsSync(path));

// built by `go install`, Helm takes Kubernetes to be very old
const KUBERNETES = '1.31.0';

export function runHelm(...args: string[]): string {
  return execFileSync(helm ?? 'helm', [...args, '--kube-version', KUBERNETES], { encoding: 'utf8', stdio: 'pipe', cwd: chart });
}

const Labels = z.record(z.string(), z.string());
const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) }).optional();

export const Container = z.object({
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() }).loose()),
  ports: z.array(z.object({ name: z.string() }).loose()).default([]),
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  securityContext: z.unknown(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() }).loose()).default([]),
}).loose();

const Pods = z.object({
  metadata: z.object({ labels: Labels }),
  spec: z.object({
    securityContext: z.unknown(),
    terminationGracePeriodSeconds: z.number().optional(),
    containers: z.array(Container).length(1),
    volumes: z.array(z.object({ name: z.string() }).loose()).default([]),
  }).loose(),
});

const Manifest = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), annotations: Labels.optional() }).loose(),
  spec: z.object({ selector: z.unknown().optional(), template: Pods.optional() }).loose().optional(),
}).loose();

export type Manifest = z.infer<typeof Manifest>;

/** What the chart comes to with one of its sets of values. */
export function rendered(values: string): Manifest[] {
  const documents = parseAllDocuments(runHelm('template', 'release', '.', '--values', join('ci', values)), { version: '1.1' });
  return [...documents].map((document): unknown => document.toJS()).filter((one) => one !== null).map((one) => Manifest.parse(one));
}
