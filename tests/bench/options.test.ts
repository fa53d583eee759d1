import { describe, expect, it } from 'vitest';
import { names, readOptions, WrongUse } from '../../bench/options.js';

describe('options of the bench', () => {
  it('everything but the large ones, at 1, 16 and 64 callers', () => {
    const options = readOptions([]);
    expect(options.callers).toEqual([1, 16, 64]);
    expect(options.only).toEqual(names.filter((name) => !['workers', 'open', 'rows'].includes(name)));
  });

  it('data of an earlier run go with the embedded set-up', () => {
    expect(readOptions(['--data', 'kept'])).toMatchObject({ data: 'kept' });
    expect(() => readOptions(['--data', 'kept', '--server', 'postgres'])).toThrow(WrongUse);
  });

  it('the short form runs every measurement, the large ones small', () => {
    const { only, open, rows } = readOptions(['--short']);
    expect(only).toEqual(names);
    expect(open).toBeLessThan(100);
    expect(rows).toBeLessThan(10_000);
  });

  it('several workers are measured where they are asked for', () => {
    expect(readOptions(['--workers', '1,2,4'])).toMatchObject({ workers: [1, 2, 4], only: expect.arrayContaining(['workers']) });
  });

  it('a number of open cases or rows runs that measurement alone', () => {
    expect(readOptions(['--open', '10000']).only).toEqual(['open']);
    expect(readOptions(['--rows', '1000000']).only).toEqual(['rows']);
  });

  it('names are taken one by one or with commas', () => {
    expect(readOptions(['--only', 'intake,lists', '--only', 'reads']).only).toEqual(['intake', 'lists', 'reads']);
  });

  it.each([['--only', 'inteke'], ['--callers', '1,x'], ['--callers', '0'], ['--open', '1.5'], ['--server', 'oracle'], ['--loud']])('%s %s is wrong use', (...args) => {
    expect(() => readOptions(args)).toThrow(WrongUse);
  });
});
