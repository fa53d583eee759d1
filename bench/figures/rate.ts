import { percentile } from './percentile.js';

/** What one slice of load came to. */
export interface Slice {
  /** from its start to the end of its last call */
  seconds: number;
  /** of each call that was answered, in milliseconds */
  latencies: readonly number[];
  /** why calls failed, one entry each */
  failures: readonly string[];
  /** processor seconds by process, what the slice had left to be done included */
  cpu?: Readonly<Record<string, number>>;
}

/** Several slices together. */
export interface Rate {
  calls: number;
  failed: number;
  perSecond: number;
  /** milliseconds */
  p50: number;
  p90: number;
  p99: number;
  /** processor milliseconds for a call, by process */
  cpuMs: Readonly<Record<string, number>>;
}

export function rateOf(slices: readonly Slice[]): Rate {
  const latencies = slices.flatMap((slice) => slice.latencies).sort((a, b) => a - b);
  const seconds = slices.reduce((sum, slice) => sum + slice.seconds, 0);
  return {
    calls: latencies.length,
    failed: slices.reduce((sum, slice) => sum + slice.failures.length, 0),
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 50),
    p90: percentile(latencies, 90),
    p99: percentile(latencies, 99),
    cpuMs: cpuMsOf(slices, latencies.length),
  };
}

function cpuMsOf(slices: readonly Slice[], calls: number): Record<string, number> {
  const names = [...new Set(slices.flatMap(({ cpu = {} }) => Object.keys(cpu)))];
  const total = (name: string) => slices.reduce((sum, { cpu = {} }) => sum + (cpu[name] ?? 0), 0);
  return Object.fromEntries(names.map((name) => [name, (total(name) * 1000) / calls]));
}

/** One rate over another, of all slices together, with the least and the most that a round alone gave. */
export interface Ratio {
  ratio: number;
  least: number;
  most: number;
}

export function ratioOf(a: readonly Slice[], b: readonly Slice[]): Ratio {
  const rounds = a.flatMap((slice, i) => {
    const other = b[i];
    return other === undefined ? [] : [rateOf([slice]).perSecond / rateOf([other]).perSecond];
  });
  return { ratio: rateOf(a).perSecond / rateOf(b).perSecond, least: Math.min(...rounds), most: Math.max(...rounds) };
}
