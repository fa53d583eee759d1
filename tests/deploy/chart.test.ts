import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { variables } from '../../bin/configuration.js';
import { cases, chart, helm, read, rendered, runHelm, templates, type Manifest } from './chart.js';
import { root } from './context.js';
import { isRead, secondsToStop } from './variables.js';

const holds = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as object);
type Tree = Record<string, unknown>;

/** Paths of all values, with those of whole maps among them. */
function pathsOf(values: unknown, above = ''): string[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [];
  return Object.entries(values).flatMap(([name, value]) => [`${above}${name}`, ...pathsOf(value, `${above}${name}.`)]);
}

/** A map over another, as Helm lays values over those of the chart. */
function over(below: Tree, above: Tree): Tree {
  const isTree = (one: unknown): one is Tree => typeof one === 'object' && one !== null && !Array.isArray(one);
  return { ...below, ...Object.fromEntries(Object.entries(above).map(([name, value]) => [name, isTree(value) && isTree(below[name]) ? over(below[name], value) : value])) };
}

describe('the chart', () => {
  it('is of this version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(read('Chart.yaml')).toMatchObject({ apiVersion: 'v2', name: 'threefold', version, appVersion: version });
  });

  it.each(['values.yaml', ...cases.map((name) => `ci/${name}`)])('takes %s by its own schema', (path) => {
    holds(over(read('values.yaml') as Tree, read(path) as Tree));
    expect(holds.errors).toBeNull();
  });

  it.each([
    ['an unknown value', { api: { replica: 3 } }],
    ['an address without a port', { temporal: { address: 'temporal' } }],
    ['a grace of words', { shutdownGraceSeconds: 'ten' }],
    ['no name for the secret of the database', { database: { secret: '' } }],
  ])('does not take %s', (_, values) => {
    expect(holds(over(read('values.yaml') as Tree, values))).toBe(false);
  });

  it('names in its templates no value that it does not have', () => {
    const known = new Set(pathsOf(read('values.yaml')));
    const named = Object.values(templates).flatMap((text) => [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path!));
    expect(named.filter((path) => !known.has(path))).toEqual([]);
  });

  it('tells the processes only what they read', () => {
    const named = Object.values(templates).flatMap((text) => [...text.matchAll(/- name: ([A-Z][A-Z0-9_]+)$/gm)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !isRead(name, variables))).toEqual([]);
  });

  it('carries the alert rules and the dashboard of this repository', () => {
    for (const [name, path] of [['alerts.yml', 'deploy/prometheus/alerts.yml'], ['threefold.json', 'deploy/grafana/threefold.json']] as const) {
      expect(readFileSync(join(chart, 'files', name), 'utf8'), name).toBe(readFileSync(join(root, path), 'utf8'));
      expect(templates['watched.yaml']).toContain(`.Files.Get "files/${name}"`);
    }
    expect(read('files/alerts.yml')).toHaveProperty('groups');
  });
});

describe.skipIf(helm === undefined)('the chart by Helm', () => {
  it('has nothing that its linter minds', () => {
    for (const values of cases) expect(runHelm('lint', '.', '--strict', '--values', join('ci', values))).toContain('0 chart(s) failed');
  });

  it('asks for what it cannot do without', () => {
    expect(() => runHelm('template', 'release', '.')).toThrow(/temporal.address is needed/);
  });

  describe.each(cases)('with %s', (values) => {
    const manifests = helm === undefined ? [] : rendered(values);
    const ofKind = (...kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind));
    const pods = (manifest: Manifest) => manifest.spec!.template!;
    const workloads = ofKind('Deployment', 'Job');

    it('runs API, workers and, before them, the migration', () => {
      expect(workloads.map((one) => pods(one).spec.containers[0]!.args[0]).sort()).toEqual(['api', 'migrate', 'worker']);
      expect(ofKind('Job')[0]?.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
    });

    it('runs them without root, and lets them write nothing', () => {
      for (const workload of workloads) {
        const { securityContext, containers, automountServiceAccountToken } = pods(workload).spec;
        expect(automountServiceAccountToken).toBe(false);
        expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } });
        expect(containers[0]!.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      }
    });

    it('gives them the time to stop that they take', () => {
      for (const workload of ofKind('Deployment')) {
        const { containers, terminationGracePeriodSeconds } = pods(workload).spec;
        const { args, env } = containers[0]!;
        expect(terminationGracePeriodSeconds).toBeGreaterThan(secondsToStop(args[0], (name) => env.find((one) => one.name === name)?.value));
      }
    });

    it('asks them how they are where they answer', () => {
      for (const workload of ofKind('Deployment')) {
        const { startupProbe, livenessProbe, readinessProbe, ports } = pods(workload).spec.containers[0]!;
        expect([startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet.path)).toEqual(['/livez', '/livez', '/readyz']);
        for (const probe of [startupProbe, livenessProbe, readinessProbe]) expect(ports.map(({ name }) => name)).toContain(probe?.httpGet.port);
      }
    });

    it('mounts what it names, and tells each variable once', () => {
      for (const workload of workloads) {
        const { containers, volumes } = pods(workload).spec;
        const { volumeMounts, env } = containers[0]!;
        expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
        for (const { value, name } of env) if (name.endsWith('_PATH') || name.endsWith('_FILE')) expect(volumeMounts.some(({ mountPath }) => value?.startsWith(`${mountPath}/`)), name).toBe(true);
        expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
      }
    });

    it('selects pods that there are', () => {
      const labels = ofKind('Deployment').map((one) => pods(one).metadata.labels);
      for (const { kind, spec } of ofKind('Service', 'PodDisruptionBudget')) {
        const selector = spec?.selector as { matchLabels?: Record<string, string> };
        const wanted = Object.entries(selector.matchLabels ?? selector);
        expect(labels.filter((one) => wanted.every(([name, value]) => one[name] === value)), kind).toHaveLength(1);
      }
    });
  });
});
