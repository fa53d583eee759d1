import { describe, expect, it } from 'vitest';
import { ifMatch } from '../../api/http/conditional.js';
import { roleAmong } from '../../api/http/caller.js';
import type { Role } from '../../domain/event.js';
import { permissions, type HttpCommand } from '../../domain/complaint/roles.js';
import { Bodies, Intake } from '../../domain/complaint/schema.js';

const A: Role = 'agent', D: Role = 'department', S: Role = 'supervisor', Q: Role = 'quality', M: Role = 'admin', C: Role = 'channel';

describe('who may give a command (spec: case, commands)', () => {
  const table: [HttpCommand, Role[]][] = [
    ['accept', [A, S]], ['answer', [A, S]], ['classify', [A, S]], ['assign', [S]], ['transfer', [S]], ['dispatch', [A, S]], ['plan', [D]], ['return', [D]],
    ['pause', [A, S]], ['resume', [A, S]], ['hear', [C, A]], ['resolve', [A, S]], ['followUp', [A, D, S, Q, M]], ['finalize', [S]], ['attribute', [S, Q]],
    ['agree', [D]], ['contest', [D]], ['decide', [S]], ['investigate', [Q, S]], ['waive', [S]], ['approveWaiver', [S]], ['refuseWaiver', [S]],
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

  it('takes instants with or without milliseconds, and keeps them in UTC with', () => {
    const filing = Intake.parse({ channel: 'web', text: 't', customer: { handle: '@mei' }, receivedAt: '2026-08-01T12:11:00+08:00' });
    expect(filing.receivedAt).toBe('2026-08-01T04:11:00.000Z');
  });
});

it.each<[string | undefined, number | null]>([
  [undefined, null], ['*', null], ['"7"', 7], ['"3", "7"', 7], ['"3"', 3], ['W/"7"', 0], ['7', 0], ['"x"', 0],
])('If-Match %s at version 7 asks for %s', (header, version) => { expect(ifMatch(header, 7)).toBe(version); });
