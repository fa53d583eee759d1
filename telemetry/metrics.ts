import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What Threefold counts and measures of itself. Labels are of fixed lists: no id, no address, no word ever becomes one. */
export interface Metrics {
  registry: Registry;
  requests: Histogram<'method' | 'route' | 'status'>;
  commands: Histogram<'subject' | 'command' | 'outcome'>;
  lateness: Histogram;
  deliveries: Counter<'transport' | 'outcome'>;
  withoutWorkflow: Gauge;
  withoutCase: Gauge;
  reconciled: Gauge;
}

const IN_A_REQUEST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TRANSPORTS = ['mail', 'notices'];
const OUTCOMES = ['sent', 'retried', 'failed'];
/** A timer fires a second after its deadline at the earliest. */
const AFTER_A_DEADLINE = [1, 1.25, 1.5, 2, 3, 5, 10, 15, 30, 60, 300, 900, 3600, 21_600, 86_400];

/**
 * The metrics of one process, in a registry of its own. A process has those that it can have: an API answers requests and
 * commands, a worker fires timers and sends deliveries.
 */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const deliveries = new Counter({
    name: 'threefold_deliveries_total', help: 'What came of attempts to tell somebody something.', labelNames: ['transport', 'outcome'], registers,
  });
  // there from the start, so that the first failure is an increase
  for (const transport of TRANSPORTS) for (const outcome of OUTCOMES) deliveries.inc({ transport, outcome }, 0);
  const withoutWorkflow = new Gauge({
    name: 'threefold_cases_without_workflow', help: 'Living cases without a running workflow, as this process last found when it was its turn to look.', registers,
  });
  const withoutCase = new Gauge({
    name: 'threefold_workflows_without_case', help: 'Running workflows of which the record has no case, as this process last found when it was its turn to look.', registers,
  });
  const reconciled = new Gauge({ name: 'threefold_reconciled_timestamp_seconds', help: 'When this process last looked at all living cases.', registers });
  // a process that has not looked has nothing to say, and above all not that there are none
  for (const gauge of [withoutWorkflow, withoutCase, reconciled]) gauge.remove();
  return {
    deliveries,
    withoutWorkflow,
    withoutCase,
    reconciled,
    registry,
    requests: new Histogram({
      name: 'threefold_http_request_seconds', help: 'How long requests took, by declared route; what no route takes is "none".',
      labelNames: ['method', 'route', 'status'], buckets: IN_A_REQUEST, registers,
    }),
    commands: new Histogram({
      name: 'threefold_command_seconds', help: 'How long commands took from intent to outcome.',
      labelNames: ['subject', 'command', 'outcome'], buckets: IN_A_REQUEST, registers,
    }),
    lateness: new Histogram({
      name: 'threefold_timer_lateness_seconds', help: 'From the instant of a deadline to its record, for what a case did alone.',
      buckets: AFTER_A_DEADLINE, registers,
    }),
  };
}
