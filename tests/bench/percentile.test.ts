import { describe, expect, it } from 'vitest';
import { median, percentile } from '../../bench/figures/percentile.js';
import { rateOf, ratioOf, type Slice } from '../../bench/figures/rate.js';

const slice = (seconds: number, latencies: number[]): Slice => ({ seconds, latencies, failures: [] });

describe('figures of a slice', () => {
  it.each([
    [50, 5], [90, 9], [99, 10], [100, 10], [1, 1], [10, 1], [11, 2],
  ])('the %s. percentile is a sample that so many are not above', (percent, expected) => {
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], percent)).toBe(expected);
  });

  it('there is none of nothing', () => {
    expect(percentile([], 50)).toBeNaN();
  });

  it('a median does not need its samples in order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('a rate is all calls over all seconds, with the percentiles of all', () => {
    const rate = rateOf([slice(1, [4, 2]), { ...slice(3, [8, 6]), failures: ['503'] }]);
    expect(rate).toMatchObject({ calls: 4, failed: 1, perSecond: 1, p50: 4, p99: 8 });
  });

  it('CPU is told for each call, by process', () => {
    const rate = rateOf([{ ...slice(1, [1, 1]), cpu: { api: 0.004 } }, { ...slice(1, [1, 1]), cpu: { api: 0.002, worker: 0.001 } }]);
    expect(rate.cpuMs).toEqual({ api: 1.5, worker: 0.25 });
  });

  it('a ratio is of all slices, with the least and the most of a round', () => {
    const ratio = ratioOf([slice(1, [1, 1]), slice(1, [1, 1, 1, 1])], [slice(1, [1, 1, 1, 1]), slice(1, [1, 1])]);
    expect(ratio).toEqual({ ratio: 1, least: 0.5, most: 2 });
  });
});
