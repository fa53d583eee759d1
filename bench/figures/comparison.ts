import { rateOf, ratioOf, type Rate, type Ratio, type Slice } from './rate.js';
import type { Cell, Table } from './table.js';

/** One number of callers: what each side did, and how the first stands to the others. */
export interface Comparison {
  what: string;
  callers: number;
  rates: Readonly<Record<string, Rate>>;
  /** first side over each other one */
  ratios: Readonly<Record<string, Ratio>>;
  /** median latency of the first less that of each other, in milliseconds */
  p50Above: Readonly<Record<string, number>>;
}

export function comparisonOf(what: string, callers: number, slices: Readonly<Record<string, readonly Slice[]>>): Comparison {
  const rates = mapped(slices, rateOf);
  const [first, ...others] = Object.keys(slices);
  const own = slices[first ?? ''] ?? [];
  const rest = Object.fromEntries(others.map((name) => [name, slices[name] ?? []]));
  const p50 = rates[first ?? '']?.p50 ?? Number.NaN;
  const p50Above = mapped(rest, (other) => p50 - rateOf(other).p50);
  return { what, callers, rates, ratios: mapped(rest, (other) => ratioOf(own, other)), p50Above };
}

/** What did not work in a comparison, a line for each side: calls that failed, and a side that was not called at all. */
export function failuresOf(comparisons: readonly Comparison[]): string[] {
  return comparisons.flatMap(({ what, callers, rates }) =>
    Object.entries(rates).flatMap(([side, { calls, failed }]) =>
      failed === 0 && calls > 0 ? [] : [`${what}: ${side}, ${callers} callers: ${failed} calls failed, ${calls} did not`]));
}

/** One line for each side, the ratio on the lines of those that are compared with. */
export function tableOf(comparisons: readonly Comparison[]): Table {
  const rows = comparisons.flatMap(({ what, callers, rates, ratios, p50Above }) =>
    Object.entries(rates).map(([side, { perSecond, p50, p90, p99, calls, failed }]): Cell[] => {
      const ratio = ratios[side];
      return [
        `${what}: ${side}`, callers, perSecond, p50, p90, p99, failed === 0 ? calls : `${calls} (${failed} failed)`,
        ratio ? `${(ratio.ratio * 100).toFixed(0)} % (${(ratio.least * 100).toFixed(0)}–${(ratio.most * 100).toFixed(0)})` : null,
        p50Above[side] ?? null,
      ];
    }),
  );
  return { head: ['what', 'callers', 'per s', 'p50 ms', 'p90', 'p99', 'calls', 'Threefold to it', 'p50 above it'], rows };
}

/** What a call costs the processors, wherever it is worked on: what drifts with the machine's other work is not in it. */
export function cpuTableOf(comparisons: readonly Comparison[]): Table {
  const all = comparisons.flatMap(({ what, callers, rates }) => Object.entries(rates).map(([side, { cpuMs }]) => ({ side: `${what}: ${side}`, callers, cpuMs })));
  const names = [...new Set(all.flatMap(({ cpuMs }) => Object.keys(cpuMs)))];
  const sum = (cpuMs: Readonly<Record<string, number>>) => Object.values(cpuMs).reduce((total, one) => total + one, 0);
  return {
    head: ['CPU ms for a call', 'callers', ...names, 'all'],
    rows: all.map(({ side, callers, cpuMs }): Cell[] => [side, callers, ...names.map((name) => cpuMs[name] ?? null), sum(cpuMs)]),
  };
}

function mapped<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
