import { describe, expect, it } from 'vitest';
import { cpuTableOf, comparisonOf, failuresOf, tableOf } from '../../bench/figures/comparison.js';
import { markdownOf, shown, textOf } from '../../bench/figures/table.js';

describe('tables of the bench', () => {
  it.each([
    [3, '3'], [3.14159, '3.14'], [31.4159, '31.4'], [314.159, '314'], [3141.59, '3142'], [Number.NaN, '–'], [null, ''], ['as is', 'as is'],
  ])('%s is shown as "%s"', (cell, expected) => {
    expect(shown(cell)).toBe(expected);
  });

  it('names stand to the left, figures to the right', () => {
    expect(textOf({ head: ['what', 'per s'], rows: [['a', 1], ['longer', 1234]] })).toBe('what    per s\n------  -----\na           1\nlonger   1234');
  });

  it('the same goes into a document', () => {
    expect(markdownOf({ head: ['what', 'per s'], rows: [['a', 1]] })).toBe('| what | per s |\n| --- | ---: |\n| a | 1 |');
  });

  it('a comparison tells each side, and on the lines of the others how the first stands to them', () => {
    const slices = { Threefold: [{ seconds: 2, latencies: [10, 10], failures: [] }], bare: [{ seconds: 1, latencies: [5, 5], failures: ['away'] }] };
    const { rows } = tableOf([comparisonOf('commands', 16, slices)]);
    expect(rows).toEqual([
      ['commands: Threefold', 16, 1, 10, 10, 10, 2, null, null],
      ['commands: bare', 16, 2, 5, 5, 5, '2 (1 failed)', '50 % (50–50)', 5],
    ]);
  });

  it('calls that failed, and a side that was not called at all, are what did not work', () => {
    const one = (failures: string[], latencies: number[]) => [{ seconds: 1, latencies, failures }];
    expect(failuresOf([comparisonOf('commands', 16, { Threefold: one([], [1, 2]), bare: one([], [1]) })])).toEqual([]);
    expect(failuresOf([comparisonOf('commands', 16, { Threefold: one(['409', '409'], [1]), bare: one([], []) })])).toEqual([
      'commands: Threefold, 16 callers: 2 calls failed, 1 did not', 'commands: bare, 16 callers: 0 calls failed, 0 did not',
    ]);
  });

  it('what a call costs is told for each process and in all', () => {
    const slices = { Threefold: [{ seconds: 1, latencies: [1, 1], failures: [], cpu: { api: 0.002, engine: 0.004 } }] };
    expect(cpuTableOf([comparisonOf('commands', 1, slices)])).toEqual({
      head: ['CPU ms for a call', 'callers', 'api', 'engine', 'all'],
      rows: [['commands: Threefold', 1, 1, 2, 3]],
    });
  });
});
