import { describe, expect, it } from 'vitest';
import { ListQuery } from '../../api/complaints/query.js';
import { ifMatch } from '../../api/http/conditional.js';
import { roleAmong } from '../../api/http/caller.js';
import type { Role } from '../../domain/event.js';
import { permissions, type HttpCommand } from '../../domain/complaint/roles.js';
import { Bodies, Intake } from '../../domain/complaint/schema.js';
import { Moment } from '../../domain/schema.js';

const A: Role = 'agent', D: Role = 'department', S: Role = 'supervisor', Q: Role = 'quality', M: Role = 'admin', C: Role = 'channel';

describe('who may give a command (spec: case, commands)', () => {
  const table: [HttpCommand, Role[]][] = [
    ['accept', [A, S]], ['answer', [A, S]], ['classify', [A, S]], ['assign', [S]], ['transfer', [S]], ['dispatch', [A, S]], ['plan', [D]], ['return', [D]],
    ['pause', [A, S]], ['resume', [A, S]], ['hear', [C, A]], ['resolve', [A, S]], ['followUp', [A, D, S, Q, M]], ['finalize', [S]], ['attribute', [S, Q]],
    ['agree', [D]], ['contest', [D]], ['decide', [S]], ['investigate', [Q, S]], ['waive', [S]], ['approveWaiver', [S]], ['refuseWaiver', [S]],
    ['extend', [A, S]], ['approveExtension', [S]], ['refuseExtension', [S]],
    ['withdraw', [A]], ['acknowledge', [S]], ['note', [A, D, S, Q, M, C]], ['close', [S, Q]],
  ];
  it.each(table)('%s', (name, roles) => { expect([...permissions[name].roles].sort()).toEqual([...roles].sort()); });

  it('names every command, and lets no auditor give one', () => {
    expect(table.map(([name]) => name).sort()).toEqual(Object.keys(permissions).sort());
    expect(Object.values(permissions).filter(({ roles }) => roles.includes('auditor'))).toEqual([]);
  });

  it('takes the strongest of the roles that allow it', () => {
    const both = { sub: 'x', roles: [A, S], department: null, rung: 1 };
    expect([roleAmong(both, [A, S]), roleAmong(both, [A]), roleAmong(both, [D])]).toEqual([S, A, null]);
  });
});

describe('bodies', () => {
  const share = { department: 'logistics', percent: 100, conduct: 'ordinary' };
  it.each<[string, boolean]>([
    ['attribute {"nature":"process","shares":[],"note":"n"}', false],
    [`attribute {"nature":"process","shares":[${JSON.stringify(share)}],"note":"n"}`, true],
    [`attribute {"nature":"customer","shares":[${JSON.stringify(share)}],"note":"n"}`, false],
    ['attribute {"nature":"customer","shares":[],"note":"n"}', true],
    [`attribute {"nature":"process","shares":[${JSON.stringify({ ...share, conduct: 'self_found' })}],"note":"n"}`, false],
    ['decide {"upheld":true,"handling":"h","note":"n"}', true],
    ['decide {"upheld":false,"handling":"h","note":"n"}', false],
    ['resolve {"solution":"s","agreed":false}', false],
    ['resolve {"solution":"s","agreed":false,"reason":"r"}', true],
    ['classify {"reason":"r"}', false],
    ['note {"text":"  "}', false],
    ['resume {"more":1}', false],
    ['hear {"text":"t","receivedAt":"2026-01-01T00:00:00Z"}', true],
    ['hear {"text":"t","receivedAt":"yesterday"}', false],
  ])('%s', (line, good) => {
    const [name, body] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' '))];
    const schema = Object.entries(Bodies).find(([one]) => one === name)?.[1];
    expect(schema?.safeParse(JSON.parse(body)).success).toBe(good);
  });

  it.each<[where: string, of: (text: string) => boolean]>([
    ['words', (text) => Bodies.note.safeParse({ text }).success],
    ['an address', (address) => Intake.safeParse({ channel: 'web', text: 't', customer: { address } }).success],
    ['a code', (type) => Bodies.classify.safeParse({ type, reason: 'r' }).success],
    ['a sub', (assignee) => Bodies.assign.safeParse({ assignee, reason: 'r' }).success],
    ['a key of a customer', (key) => Intake.safeParse({ channel: 'web', text: 't', customer: { key } }).success],
    ['a name', (name) => Intake.safeParse({ channel: 'web', text: 't', customer: { handle: '@mei', name } }).success],
    ['a filter', (owner) => ListQuery.safeParse({ owner }).success],
  ])('hold no NUL and no half of a pair: %s', (where, takes) => {
    expect(['a', '字', '👍'].filter(takes)).toEqual(['a', '字', '👍']);
    expect(['a\0', 'a\ud83d', '\udc4da', '\udc4d\ud83d'].filter(takes)).toEqual([]);
    const lines = ['a\nb', 'a\tb', 'a\u0085'];
    expect(lines.filter(takes)).toEqual(where === 'words' || where === 'an address' ? lines : []);
  });

  it.each<[keyof typeof Bodies, object, boolean]>([
    ['plan', { request: 'r1', plan: 'p' }, true], ['plan', { request: 'r1234567', plan: 'p' }, false], ['plan', { request: 'R1', plan: 'p' }, false],
    ['return', { request: 'r12', reason: 'r' }, true], ['return', { request: 'r1\n', reason: 'r' }, false], ['return', { request: '', reason: 'r' }, false],
    ['pause', { reason: 'customer_information' }, true], ['pause', { reason: 'Customer' }, false], ['pause', { reason: 'a b' }, false],
  ])('%s %j: %s', (name, body, good) => { expect(Bodies[name].safeParse(body).success).toBe(good); });

  it.each([
    ['0001-01-01T00:00:00Z', true], ['9999-12-31T23:59:59.999Z', true], ['0000-06-01T00:00:00Z', false], ['0001-01-01T00:00:00+01:00', false],
    ['9999-12-31T23:59:59-01:00', false], ['2026-02-30T00:00:00Z', false],
  ])('an instant of the years 0001 to 9999 in UTC: %s %s', (text, good) => { expect(Moment.safeParse(text).success).toBe(good); });

  it('takes instants with or without milliseconds, and keeps them in UTC with', () => {
    const filing = Intake.parse({ channel: 'web', text: 't', customer: { handle: '@mei' }, receivedAt: '2026-08-01T12:11:00+08:00' });
    expect(filing.receivedAt).toBe('2026-08-01T04:11:00.000Z');
  });
});

it.each<[string | undefined, number | null]>([
  [undefined, null], ['*', null], ['"7"', 7], ['"3", "7"', 7], ['"3"', 3], ['W/"7"', 0], ['7', 0], ['"x"', 0],
])('If-Match %s at version 7 asks for %s', (header, version) => { expect(ifMatch(header, 7)).toBe(version); });
