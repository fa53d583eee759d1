import { describe, expect, it } from 'vitest';
import { cellsOf, cut, table } from '../../bin/demo/table.js';

describe('a table with Chinese in it', () => {
  it.each([
    ['', 0], ['abc', 3], ['投诉', 4], ['xp或者Vista，', 13], ['！？（）', 8], ['e\u0301', 1], ['…', 1], ['\u{20000}', 2], ['─', 1],
  ])('counts the cells of %j', (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });

  it.each([
    ['short', 10, 'short'], ['投诉', 4, '投诉'], ['投诉处理', 7, '投诉处…'], ['投诉处理', 6, '投诉…'], ['a\n  b', 10, 'a b'], ['abcdef', 4, 'abc…'],
  ])('cuts %j to %i cells', (text, cells, expected) => {
    expect(cut(text, cells)).toBe(expected);
    expect(cellsOf(cut(text, cells))).toBeLessThanOrEqual(cells);
  });

  it('aligns its columns, numbers to the right', () => {
    const drawn = table([{ head: '区' }, { head: 'n', numbers: true }, { head: 'end' }], [['华东', 5, 'a'], ['x', 12, '']]);
    expect(drawn.split('\n')).toEqual(['区     n  end', '────  ──  ───', '华东   5  a', 'x     12']);
  });
});
