import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { usedUp } from '../../bench/cases/pool.js';
import { closedLoop, RanDry } from '../../bench/load/closedLoop.js';
import { sideBySide } from '../../bench/load/sideBySide.js';

describe('the load of the bench', () => {
  it('as many are under way at once as there are callers', async () => {
    let under = 0;
    let most = 0;
    const slice = await closedLoop({ callers: 4, seconds: 0.1 }, async () => {
      most = Math.max(most, (under += 1));
      await pause(5);
      under -= 1;
    });
    expect(most).toBe(4);
    expect(slice.latencies.length).toBeGreaterThan(4);
  });

  it('a call that fails is told and not counted', async () => {
    let calls = 0;
    const slice = await closedLoop({ callers: 1, seconds: 0.05 }, async () => {
      await pause(5);
      if ((calls += 1) % 2 === 0) throw new Error('away');
    });
    expect(slice.failures).toContain('away');
    expect(slice.latencies.length + slice.failures.length).toBe(calls);
  });

  it('a caller that has nothing left stops', async () => {
    const slice = await closedLoop({ callers: 2, seconds: 60 }, () => Promise.reject(new RanDry()));
    expect(slice).toMatchObject({ latencies: [], failures: [] });
  });

  it('a case is used by one caller, so many times, and then another', async () => {
    let made = 0;
    const cases = usedUp(2, () => Promise.resolve((made += 1)), () => Promise.resolve());
    await cases.prepare({ callers: 2, seconds: 0 });
    expect([cases.next(0), cases.next(1), cases.next(0)]).toEqual([{ one: 1, nth: 0 }, { one: 2, nth: 0 }, { one: 1, nth: 1 }]);
    expect(() => cases.next(0)).toThrow(RanDry);
  });

  it('sides take turns, the other way round each time', async () => {
    const order: string[] = [];
    const side = <Name extends string>(name: Name) => ({
      name,
      run: () => {
        order.push(name);
        return Promise.resolve({ seconds: 1, latencies: [1], failures: [] });
      },
    });
    const measured = await sideBySide([side('a'), side('b')], { callers: 1, seconds: 1, slices: 2 }, () => undefined);
    expect(order.join('')).toBe('ababba');
    expect(measured.a).toHaveLength(2);
  });
});
