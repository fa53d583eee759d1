import { describe, expect, it } from 'vitest';
import { taxonomies, taxonomyKinds } from '../../domain/taxonomy/taxonomies.js';

const codes = (kind: (typeof taxonomyKinds)[number]) => taxonomies[kind].map((term) => term.code);

describe('the taxonomies of a fresh set-up (L1.2)', () => {
  it('have the types of the contract', () => {
    expect(codes('type')).toEqual(['product_quality', 'logistics', 'service_attitude', 'price', 'other']);
  });
  it('have the departments of the contract', () => {
    expect(codes('department')).toEqual(expect.arrayContaining(['production', 'logistics', 'customer_service', 'sales']));
  });
  it('name the regions as complaints do', () => {
    expect(taxonomies.region.map((term) => term.zh)).toEqual(expect.arrayContaining(['东北', '华北', '西北', '华东', '华中', '华南', '西南']));
  });
  it('have the bones of the fishbone (L3.1)', () => {
    expect(codes('category')).toEqual(expect.arrayContaining(['people', 'method', 'machine', 'material', 'measurement', 'environment']));
  });
  it('have a subtype for every type', () => {
    expect(new Set(taxonomies.subtype.map((term) => term.parent))).toEqual(new Set(codes('type')));
  });
  it.each(taxonomyKinds)('have each code of %s once, plain enough to travel, with both names', (kind) => {
    expect(new Set(codes(kind)).size).toBe(codes(kind).length);
    for (const term of taxonomies[kind]) {
      expect(term.code).toMatch(/^[a-z][a-z_]*$/);
      expect(term.zh).not.toBe('');
      expect(term.en).not.toBe('');
    }
  });
});
