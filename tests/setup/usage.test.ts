import { describe, expect, it } from 'vitest';
import { freshFolder, threefold } from '../harness/threefold.js';

describe('wrong use ends with one line and exit code 2', () => {
  it.each([
    ['an unknown command', ['nonsense'], {}],
    ['an unknown option', ['info', '--nonsense'], {}],
    ['a token without a role', ['token', '--sub', 'ann'], {}],
    ['a token for a role that is none', ['token', '--role', 'king', '--sub', 'ann'], {}],
    ['a token for nobody', ['token', '--role', 'agent', '--sub', ' '], {}],
    ['a token with a rung that is none', ['token', '--role', 'supervisor', '--sub', 'sue', '--rung', '4'], {}],
    ['a token for a department that is not named', ['token', '--role', 'department', '--sub', 'dan'], {}],
    ['a replay of nothing', ['audit', 'replay'], {}],
    ['a replay of one and of all', ['audit', 'replay', 'x', '--all'], {}],
    ['a port that is none', ['start'], { PORT: 'many' }],
    ['an API without its database', ['api'], {}],
    ['a worker with half its environment', ['worker'], { DATABASE_URL: 'postgres://localhost/x' }],
  ])('%s', async (_, args, env: Record<string, string>) => {
    const { code, stdout, stderr } = await threefold(args, { THREEFOLD_DATA: freshFolder(), ...env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^[^\n]{10,}\n$/);
  });

  it('names the variable that is missing or wrong', async () => {
    expect((await threefold(['api'])).stderr).toBe('DATABASE_URL is not set: it is the address of the database, postgres://user:password@host:port/name.\n');
    expect((await threefold(['start'], { PORT: '70000' })).stderr).toBe('PORT is not valid: it is a port from 0 to 65535; 0 takes any free one.\n');
  });

  it('nor is a database that is away: it is said in a line, with exit code 1', async () => {
    const { code, stderr } = await threefold(['migrate'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'threefold: connect ECONNREFUSED 127.0.0.1:1\n' });
  });

  it('is not what a token before the first start is: that ends with exit code 1', async () => {
    const { code, stderr } = await threefold(['token', '--role', 'agent', '--sub', 'ann'], { THREEFOLD_DATA: freshFolder() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no set-up in [^\n]+\n$/);
  });
});

describe('help', () => {
  it.each([[[]], [['help']], [['--help']], [['help', 'token']], [['audit', '--help']], [['key', '--help']]])('is printed by threefold %j', async (args) => {
    const { code, stdout } = await threefold(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: threefold/);
  });
});
