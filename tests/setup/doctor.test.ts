import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { temporal } from '@temporalio/proto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { ensureKeys, readMasterKey } from '../../bin/keys.js';
import { startProxy } from '../harness/proxy.js';
import { freshFolder, threefold } from '../harness/threefold.js';
import { until } from '../harness/until.js';
import { filed, place } from '../prisma/given.js';
import { launch, ownSetUp, type Own } from './given.js';

const TEXT = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_TEXT;

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });
const rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
const elliptic = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);

const Told = z.object({
  ok: z.boolean(), wrong: z.int(), warnings: z.int(),
  findings: z.array(z.object({ check: z.string(), state: z.enum(['ok', 'warning', 'wrong']), told: z.string(), todo: z.string().nullable() })),
});

describe('threefold doctor', () => {
  let own: Own;
  let issuer: Server;
  let issuerUrl: string;
  beforeAll(async () => {
    own = await ownSetUp();
    issuer = createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      const { kind, asked } = /^\/(?<kind>\w*)\/?(?<asked>keys|.well-known\/openid-configuration)$/.exec(request.url ?? '')?.groups ?? {};
      const name = { named: { issuer: `${issuerUrl}named/` }, elsewhere: { issuer: 'https://login.example.com' } }[kind ?? ''];
      const jwks_uri = `${issuerUrl}${kind ? `${kind}/` : ''}keys`;
      response.end(JSON.stringify(asked === 'keys' ? { keys: [kind === 'elliptic' ? elliptic : rsa] } : { jwks_uri, ...name }));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const address = issuer.address();
    issuerUrl = `http://127.0.0.1:${address !== null && typeof address === 'object' ? String(address.port) : ''}/`;
  });
  afterAll(() => {
    issuer.close();
  });

  async function examined(env: Record<string, string>, args: string[] = []): Promise<{ code: number; told: z.infer<typeof Told> }> {
    const { code, stdout, stderr } = await threefold(['doctor', '--json', ...args], env);
    expect(stderr).toBe('');
    return { code, told: Told.parse(JSON.parse(stdout)) };
  }

  it('finds nothing wrong with a set-up that is right, and warns of what is not there yet', async () => {
    const { code, told } = await examined({ ...own.env, THREEFOLD_OIDC_ISSUER: issuerUrl });
    expect(told.findings.filter(({ state }) => state === 'wrong')).toEqual([]);
    expect([code, told.ok]).toEqual([0, true]);
    expect(told.findings.filter(({ state }) => state === 'warning').map(({ check }) => check).sort()).toEqual(['durability', 'messages', 'namespace', 'workers']);
    expect(told.findings.filter(({ state }) => state === 'ok').map(({ check }) => check)).toEqual([
      'environment', 'master key', 'command key', 'workflow bundle', 'database', 'database version', 'migrations', 'connections', 'clocks',
      'words', 'Temporal', 'search attributes', 'OIDC issuer',
    ]);
  });

  it('takes an issuer that calls itself what it is called here', async () => {
    const { told } = await examined({ ...own.env, THREEFOLD_OIDC_ISSUER: `${issuerUrl}named/` });
    expect(told.findings).toContainEqual(expect.objectContaining({ check: 'OIDC issuer', state: 'ok', told: expect.stringMatching(/publishes 1 key for RS256/) }));
  });

  it('says everything that is wrong at once, each with what to do, in one line', async () => {
    chmodSync(own.keys.command, 0o644);
    const { code, stdout } = await threefold(['doctor'], {
      ...own.env, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', TEMPORAL_ADDRESS: '127.0.0.1:1', THREEFOLD_MASTER_KEY_FILE: own.keys.token,
      THREEFOLD_OIDC_ISSUER: 'http://127.0.0.1:1/', LOG_LEVEL: 'loud',
    });
    chmodSync(own.keys.command, 0o600);
    expect(code).toBe(1);
    for (const line of [/^WRONG +environment.*: LOG_LEVEL is not valid.* → /m, /^WRONG +master key: .* is no master key.* → /m, /^WARNING +command key: .* can be read by everybody.* → chmod 600 /m,
      /^WRONG +database: 127\.0\.0\.1:1\/c cannot be used: .*ECONNREFUSED.* → /m, /^WRONG +Temporal: 127\.0\.0\.1:1 does not answer as it should: .*ECONNREFUSED.* → /m, /^\d+ checks: \d wrong, \d warnings$/m]) expect(stdout).toMatch(line);
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['a password that is wrong', { DATABASE_URL: 'nobody' }, 'database', /password authentication failed/],
    ['a server that speaks no TLS', { DATABASE_URL: 'tls' }, 'database', /does not support SSL/],
    ['an issuer that is away', { THREEFOLD_OIDC_ISSUER: 'http://127.0.0.1:1/' }, 'OIDC issuer', /does not answer as it should/],
    ['an issuer whose tokens bear another name', { THREEFOLD_OIDC_ISSUER: 'elsewhere/' }, 'OIDC issuer', /calls itself https:\/\/login\.example\.com/],
    ['an issuer that only has keys for another algorithm', { THREEFOLD_OIDC_ISSUER: 'elliptic/' }, 'OIDC issuer', /publishes no key for RS256$/],
    ['a mail server that is away', { THREEFOLD_SMTP_URL: 'smtp://127.0.0.1:1', THREEFOLD_MAIL_FROM: 'a@example.com' }, 'mail server', /takes no mail: .*ECONNREFUSED/],
    ['a collector that is away', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, 'traces', /does not answer/],
    ['a namespace that is not there', { TEMPORAL_NAMESPACE: 'nowhere' }, 'namespace', /there is no nowhere/],
  ])('finds %s', async (_, env, check, told) => {
    const url = new URL(own.databaseUrl);
    if (env['DATABASE_URL'] === 'nobody') url.password = 'wrong';
    if (env['DATABASE_URL'] === 'tls') url.searchParams.set('sslmode', 'no-verify');
    const at = env['THREEFOLD_OIDC_ISSUER'];
    if (at !== undefined && !at.startsWith('http')) env['THREEFOLD_OIDC_ISSUER'] = `${issuerUrl}${at}`;
    const found = await examined({ ...own.env, ...env, DATABASE_URL: url.href });
    expect(found.code).toBe(1);
    expect(found.told.findings.filter(({ state }) => state === 'wrong')).toEqual([{ check, state: 'wrong', told: expect.stringMatching(told), todo: expect.stringMatching(/./) }]);
  });

  it('finds a master key that the database was not begun with, and no process goes on with it', async () => {
    const here = await place(own.databaseUrl, readMasterKey(own.keys.master));
    await filed(here);
    await here.database.close();
    const env = { ...own.env, THREEFOLD_MASTER_KEY_FILE: ensureKeys(freshFolder()).master };
    expect(wrongOf(await examined(env))).toEqual({ words: expect.stringMatching(/is not the one that this database was begun with$/) });
    for (const process of ['api', 'worker'] as const) expect(await launch(process, env).ended, process).toBe(2);
  });

  it('an API that cannot know yet whether it has the right master key serves nothing, and goes as soon as it knows it has not', async () => {
    const proxy = await startProxy(new URL(own.databaseUrl).host);
    proxy.swallow();
    const url = Object.assign(new URL(own.databaseUrl), { host: proxy.address }).href;
    const api = launch('api', { ...own.env, DATABASE_URL: url, THREEFOLD_MASTER_KEY_FILE: ensureKeys(freshFolder()).master, THREEFOLD_DRAIN_SECONDS: '600' });
    const { port } = await api.line('api is listening');
    const ask = (path: string) => fetch(`http://127.0.0.1:${String(port)}${path}`);
    expect([(await ask('/v1/complaints')).status, (await ask('/readyz')).status, (await ask('/livez')).status]).toEqual([503, 503, 200]);
    await proxy.pass();
    expect(await api.ended).toBe(2);
    await proxy.close();
  });

  it('looks only at what one process needs, when asked to', async () => {
    const { THREEFOLD_TOKEN_KEY_FILE: _, ...env } = own.env;
    expect((await examined(env)).code).toBe(1);
    expect((await examined(env, ['--process', 'worker'])).code).toBe(0);
    expect((await threefold(['doctor', '--process', 'postman'], env)).code).toBe(2);
  });

  it('says that nothing runs where nothing is configured and nothing runs', async () => {
    const { code, told } = await examined({ THREEFOLD_DATA: freshFolder() });
    expect(code).toBe(1);
    expect(told.findings[0]).toMatchObject({ check: 'environment', state: 'wrong', told: expect.stringMatching(/^Threefold does not run on /) });
  });

  describe('and threefold migrate', () => {
    it('see to a database that is new', async () => {
      const database = `new_${Date.now()}`;
      const url = new URL(own.databaseUrl);
      url.pathname = `/${database}`;
      await queried(inject('shared').postgres, `CREATE DATABASE ${database}`);
      const env = { ...own.env, DATABASE_URL: url.href };
      expect(wrongOf(await examined(env))).toEqual({ migrations: expect.stringMatching(/^not applied: 0001_first\b/) });
      const done = await threefold(['migrate'], env);
      expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/^Database: migrations applied: 0001_first\b.*\nTemporal namespace .*: nothing to do\.\n$/)]);
      expect((await threefold(['migrate'], env)).stdout).toMatch(/^Database: nothing to do\.\n/);
      // a calendar of the policy that holds ends this year
      await queried(url.href, `
        INSERT INTO calendar SELECT 'ending', 1, jsonb_set(calendar, '{years,to}', to_jsonb(extract(year FROM now() - interval '1 day')::int - 1)), 'ada', now() FROM calendar WHERE name = 'office';
        INSERT INTO policy SELECT name, 2, jsonb_set(policy, '{calendar}', '"ending"'), 'ada', now() FROM policy WHERE name = 'default' AND version = 1`);
      expect((await examined(env)).told.findings.find(({ check }) => check === 'calendars')).toMatchObject({
        state: 'warning', told: expect.stringMatching(/^end within half a year: ending \(to \d{4}\)$/),
      });
      await queried(url.href, `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '9999_later', now())`);
      expect(wrongOf(await examined(env))).toEqual({ migrations: 'the database is newer than this version: 9999_later' });
    });

    it('see a database that takes no writes, and a user who lacks rights', async () => {
      const url = new URL(own.databaseUrl);
      await queried(own.databaseUrl, `
        CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO reader;
        GRANT DELETE ON intent, vault_key TO reader; REVOKE UPDATE ON delivery FROM reader;
        ALTER ROLE reader SET default_transaction_read_only = on`);
      url.username = 'reader';
      url.password = 'reader';
      try {
        expect(wrongOf(await examined({ ...own.env, DATABASE_URL: url.href }))).toEqual({
          'database writes': expect.stringMatching(/^it takes none/), 'database rights': 'the user may not DELETE words, UPDATE delivery',
        });
      } finally {
        await queried(own.databaseUrl, 'DROP OWNED BY reader; DROP ROLE reader');
      }
    });

    it('see to a namespace without search attributes', async () => {
      const namespace = `bare-${Date.now()}`;
      const connection = await Connection.connect({ address: own.place.address });
      await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msNumberToTs(400 * 86_400_000) });
      await connection.close();
      const env = { ...own.env, TEMPORAL_NAMESPACE: namespace };
      expect(wrongOf(await examined(env))).toEqual({ 'search attributes': expect.stringMatching(/^not registered: ThreefoldTier .*no complaint can be started$/) });
      const done = await threefold(['migrate'], env);
      expect([done.code, done.stdout]).toEqual([0, `Database: nothing to do.\nTemporal namespace ${namespace}: search attributes registered: ThreefoldTier, ThreefoldChannel, ThreefoldReceivedAt.\n`]);
      expect(wrongOf(await examined(env))).toEqual({});
    });

    it('see a search attribute that is there under another type, which nothing but its removal mends', async () => {
      const namespace = `typed-${Date.now()}`;
      const connection = await Connection.connect({ address: own.place.address });
      await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msNumberToTs(400 * 86_400_000) });
      const added = () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { ThreefoldTier: TEXT } });
      await until(() => added().then(() => true, () => null), 'the namespace');
      await connection.close();
      const env = { ...own.env, TEMPORAL_NAMESPACE: namespace };
      const found = (await examined(env)).told.findings.find(({ check }) => check === 'search attributes');
      expect(found).toMatchObject({ state: 'wrong', told: expect.stringMatching(/ThreefoldTier \(KEYWORD, there under another type\)/), todo: expect.stringMatching(/^remove those/) });
      const { code, stderr } = await threefold(['migrate'], env);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/ThreefoldTier is not of type KEYWORD: remove it there/)]);
    });

    it('say what to do about a namespace that is not there', async () => {
      const { code, stderr } = await threefold(['migrate'], { ...own.env, TEMPORAL_NAMESPACE: 'nowhere' });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^There is no Temporal namespace nowhere: .*"threefold migrate --create-namespace"\.\n$/)]);
    });

    it('make a namespace that keeps histories for years', async () => {
      const namespace = `made-${Date.now()}`;
      expect((await threefold(['migrate', '--create-namespace'], { ...own.env, TEMPORAL_NAMESPACE: namespace })).code).toBe(0);
      const { told } = await examined({ ...own.env, TEMPORAL_NAMESPACE: namespace });
      expect(told.findings.find(({ check }) => check === 'namespace')).toMatchObject({ state: 'ok', told: `${namespace} keeps what has ended for 3650 days` });
    });
  });

  function wrongOf({ told }: { told: z.infer<typeof Told> }): Record<string, string> {
    return Object.fromEntries(told.findings.filter(({ state }) => state === 'wrong').map(({ check, told: what }) => [check, what]));
  }

  async function queried(url: string, sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  }
});
