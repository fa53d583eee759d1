import { describe, expect, it } from 'vitest';
import { castOf, paths } from '../../bin/demo/cast.js';
import { Policy } from '../../domain/policy/schema.js';
import { rehearsalPolicy } from '../../bin/demo/policy.js';
import { channelKeys } from '../../bin/demo/people.js';
import { everyRow } from './given.js';

describe('the cast of the demo', () => {
  const parts = castOf(everyRow());
  const of = (name: string) => parts.find(({ path }) => path.name === name)?.rows ?? [];

  it('files sixty complaints under the rehearsal policy, and the channels a few beside them', () => {
    const filed = (byChannel: boolean) => parts.filter(({ path }) => (path.filedBy !== undefined) === byChannel).reduce((sum, { rows }) => sum + rows.length, 0);
    expect([filed(false), filed(true)]).toEqual([60, 4]);
  });

  it('gives every path as many rows as it takes, none of them twice, each of which fits', () => {
    const rows = parts.flatMap((part) => part.rows);
    expect(new Set(rows).size).toBe(rows.length);
    expect(parts.map(({ path }) => path)).toEqual(paths);
    for (const part of parts) {
      expect(part.rows, part.path.name).toHaveLength(part.path.cases);
      for (const row of part.rows) expect(part.path.fits?.(row) ?? true, row.source_id).toBe(true);
    }
  });

  it('is the same for the same rows', () => {
    expect(castOf(everyRow())).toEqual(parts);
  });

  it('is mostly satisfied, and has each way that the demo is to show', () => {
    const satisfied = parts.filter(({ path }) => path.ends.customer === 'satisfied').reduce((sum, { rows }) => sum + rows.length, 0);
    expect(satisfied).toBeGreaterThan(50);
    for (const name of ['returned', 'paused', 'dissatisfied', 'withdrawn', 'waived', 'media']) expect(of(name), name).toHaveLength(1);
    expect(of('urgent').every((row) => row.personal_safety)).toBe(true);
    expect(of('investigated').every((row) => row.type === 'product_quality')).toBe(true);
    expect(of('channels').every((row) => channelKeys.some((key) => key === row.channel))).toBe(true);
  });

  it('throws where the rows do not reach', () => {
    expect(() => castOf(everyRow().slice(0, 60))).toThrow('too few complaints for the path');
  });
});

describe('the rehearsal policy', () => {
  it('can be published, and is short', () => {
    expect(Policy.parse(rehearsalPolicy)).toMatchObject({ name: 'rehearsal', tiers: { general: { response: 'PT8S' } }, followUp: { attempts: 3, every: 'PT5S' } });
  });
});
