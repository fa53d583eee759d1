import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apiInstruments, workerInstruments } from '../../bin/instruments.js';
import { executableOn } from '../../bin/embedded/temporalExecutable.js';
import { samplesOf, startWatched, until } from './given.js';
import { liveState } from '../harness/live.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'deploy/prometheus');

interface Rule { alert: string; expr: string; annotations: { summary: string; runbook: string } }
interface Panel { type: string; title: string; targets?: { expr: string }[] }

const rules = parse(readFileSync(join(folder, 'alerts.yml'), 'utf8')) as { groups: { rules: Rule[] }[] };
const alerts = rules.groups.flatMap((group) => group.rules);
interface RuleTest { name: string; alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }
const { tests } = parse(readFileSync(join(folder, 'alerts.test.yml'), 'utf8')) as { tests: [RuleTest, ...RuleTest[]] };
const [healthy] = tests;
const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana/threefold.json'), 'utf8')) as { panels: Panel[] };
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ name: `panel ${title}`, expr: forPrometheus(expr) })));
const expressions = [...alerts.map(({ alert, expr }) => ({ name: `alert ${alert}`, expr })), ...queries];

/** Grafana fills in its variables before it asks. */
function forPrometheus(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*');
}

describe('alert rules', () => {
  const text = { type: 'string', minLength: 1 };
  const duration = { type: 'string', pattern: '^([0-9]+(ms|[smhdwy]))+$' };
  const strict = { type: 'object', additionalProperties: false };
  const schema = {
    ...strict, required: ['groups'],
    properties: { groups: { type: 'array', minItems: 1, items: {
      ...strict, required: ['name', 'rules'],
      properties: { name: text, interval: duration, rules: { type: 'array', minItems: 1, items: {
        ...strict, required: ['alert', 'expr', 'labels', 'annotations'],
        properties: {
          alert: { type: 'string', pattern: '^Threefold[A-Z]\\w+$' }, expr: text, for: duration,
          labels: { ...strict, required: ['severity'], properties: { severity: { enum: ['critical', 'warning'] } } },
          annotations: { ...strict, required: ['summary', 'runbook'], properties: { summary: text, runbook: text } },
        },
      } } },
    } } },
  };

  it('have the shape that Prometheus takes', () => {
    const check = new Ajv({ allErrors: true }).compile(schema);
    expect(check(rules), JSON.stringify(check.errors)).toBe(true);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it.each(alerts)('$alert has a paragraph on what to do', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/observability.md#${alert.toLowerCase()}`);
    expect(readFileSync(join(root, 'docs/observability.md'), 'utf8')).toMatch(new RegExp(`^#+ ${alert}$`, 'm'));
  });

  it.each(alerts)('$alert is shown to fire, and to be silent on a healthy day', ({ alert }) => {
    const shown = tests.flatMap((test) => test.alert_rule_test).filter(({ alertname }) => alertname === alert);
    expect(shown.some(({ exp_alerts: fired }) => fired.length > 0)).toBe(true);
    expect(healthy.alert_rule_test.some(({ alertname, exp_alerts: fired }) => alertname === alert && fired.length === 0)).toBe(true);
  });

  const promtool = executableOn(process.env['PATH'] ?? '', 'promtool');
  it.skipIf(promtool === null)('pass promtool, and fire when they should', () => {
    const run = (...args: string[]) => execFileSync(promtool ?? '', args, { cwd: folder, encoding: 'utf8' });
    expect(run('check', 'rules', 'alerts.yml')).toContain(`SUCCESS: ${String(alerts.length)} rules found`);
    expect(run('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
    run('test', 'rules', 'alerts.test.yml');
  });
});

describe('the dashboard', () => {
  const text = { type: 'string', minLength: 1 };
  const whole = { type: 'integer', minimum: 0 };
  const schema = {
    type: 'object', required: ['uid', 'title', 'schemaVersion', 'panels', 'templating', 'time'],
    properties: {
      uid: text, title: text, schemaVersion: { type: 'integer', minimum: 36 },
      panels: { type: 'array', minItems: 1, items: {
        type: 'object', required: ['id', 'type', 'title', 'gridPos'],
        properties: {
          id: whole, type: { enum: ['row', 'stat', 'timeseries'] }, title: text,
          gridPos: { type: 'object', required: ['h', 'w', 'x', 'y'], properties: { h: whole, w: { type: 'integer', minimum: 1, maximum: 24 }, x: { type: 'integer', minimum: 0, maximum: 23 }, y: whole } },
          targets: { type: 'array', minItems: 1, items: { type: 'object', required: ['refId', 'expr', 'datasource'], properties: { refId: text, expr: text } } },
        },
        if: { properties: { type: { const: 'row' } } },
        then: {},
        else: { required: ['targets', 'datasource', 'fieldConfig'] },
      } },
    },
  };

  it('has the shape that Grafana takes', () => {
    const check = new Ajv({ allErrors: true }).compile(schema);
    expect(check(dashboard), JSON.stringify(check.errors)).toBe(true);
    const ids = dashboard.panels.map((panel) => (panel as unknown as { id: number }).id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('every expression', () => {
  it.each(expressions)('of $name is PromQL', ({ expr }) => {
    expect(faultsOf(expr)).toEqual([]);
  });

  it('that is none is told apart', () => {
    expect(faultsOf('sum by (le (rate(x[5m]))')).not.toEqual([]);
  });
});

describe('every metric named', () => {
  const exposed = new Set<string>();
  let stop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    const worker = await workerInstruments({ tracing: null, health: {} });
    const site = await startWatched({ api: await apiInstruments(null), worker });
    stop = () => site.stop();
    const filed = await site.call('ann', 'POST', '/v1/complaints', { channel: 'phone', text: 'it broke', customer: { key: 'K-1' } });
    const { id } = await filed.json() as { id: string };
    await until(() => liveState(site.api, id), 'the start');
    await site.call('sue', 'POST', `/v1/complaints/${id}/escalations`, { reason: 'it is urgent', to: 2 });
    await until(async () => {
      for (const text of [await (await fetch(`${site.url}/metrics`)).text(), (await worker.metrics?.())?.body ?? '']) {
        for (const { name } of samplesOf(text)) exposed.add(name);
        // a gauge that has nothing to say yet is declared
        for (const [, name = ''] of text.matchAll(/^# TYPE (\S+) gauge$/gm)) exposed.add(name);
      }
      return exposed.has('temporal_activity_schedule_to_start_latency_seconds_bucket');
    }, 'the recording of the escalation');
  });
  afterAll(() => stop());

  /** what Prometheus itself adds to a target */
  const own = ['up'];

  it.each(expressions)('in $name is one that an API or a worker exposes', ({ expr }) => {
    expect(metricsIn(expr).filter((name) => !own.includes(name) && !exposed.has(name))).toEqual([]);
    expect(metricsIn(expr).length).toBeGreaterThan(0);
  });
});

function faultsOf(expr: string): string[] {
  const faults: string[] = [];
  parser.parse(expr).iterate({ enter: (node) => { if (node.type.isError) faults.push(`at ${String(node.from)}`); } });
  return faults;
}

function metricsIn(expr: string): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to, node }) => { if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(expr.slice(from, to)); },
  });
  return names;
}
