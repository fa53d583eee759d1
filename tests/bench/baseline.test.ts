import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Counts, grown } from '../../bench/figures/baseline.js';

const baseline: Counts = { eventsToResolved: 28, eventsToFollowedUp: 35, eventsToClosed: 80, updatesPerCommand: 1, transactionsPerCommand: 2 };

describe('the baseline of what a case costs', () => {
  it('is in the repository, whole', () => {
    expect(() => Counts.parse(JSON.parse(readFileSync('bench/baseline.json', 'utf8')))).not.toThrow();
  });

  it('the same, or less, has not grown', () => {
    expect(grown(baseline, baseline)).toEqual([]);
    expect(grown({ ...baseline, eventsToClosed: 60 }, baseline)).toEqual([]);
  });

  it.each(Counts.keyof().options)('one more of %s is told', (name) => {
    const told = grown({ ...baseline, [name]: baseline[name] + 1 }, baseline);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`the baseline is ${baseline[name]}`);
  });
});
