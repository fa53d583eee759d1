import type { TelemetryOptions } from '@temporalio/worker';

/** Where the native part of the SDK has its own metrics: on loopback, for this process to read and hand on. */
export interface CoreMetrics {
  runtime: Pick<TelemetryOptions, 'metrics'>;
  /** its text, or nothing while no worker or replay runs */
  read(): Promise<string>;
}

const PATIENCE_MS = 2000;

/** @param port a free one, on loopback */
export function coreMetrics(port: number): CoreMetrics {
  const bindAddress = `127.0.0.1:${String(port)}`;
  return {
    runtime: { metrics: { prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } } },
    async read() {
      try {
        const answer = await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) });
        return answer.ok ? await answer.text() : '';
      } catch {
        return '';
      }
    },
  };
}
