import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readSettings } from '../../bin/configuration.js';
import { end, identityOf, isAlive, type Identity } from '../../bin/embedded/identity.js';
import { appendTo } from '../../bin/embedded/logs.js';
import { freePort } from '../../bin/embedded/ports.js';
import { temporalReady } from '../../bin/embedded/temporalServer.js';
import { noteProcess } from './leftovers.js';
import { findServerExecutables, type ServerExecutables } from './temporalServerExecutables.js';

export interface TemporalOnPostgresOptions {
  /** a Postgres role that may make databases; Temporal gets two of its own there */
  postgresUrl: string;
  /** for configuration and log; made unless it is there */
  folder: string;
  /** looked for, and built, unless told */
  executables?: ServerExecutables;
  /** history shards: 4, as in Temporal's own development set-up, unless told */
  shards?: number;
  /** connections of each of its four services to Postgres; 20 unless told */
  connections?: number;
  /** more of Temporal's dynamic configuration, by name */
  dynamic?: Record<string, unknown>;
  /** sees each process as it is started */
  onStarted?: (child: ChildProcess) => void;
}

/** Temporal's own server on Postgres: frontend, history, matching and worker in one process, as a company runs it. */
export interface TemporalOnPostgres {
  /** host:port of its frontend */
  address: string;
  /** what it says */
  log: string;
  pid(): number | null;
  /** as SIGKILL does; what it had acknowledged is in Postgres */
  kill(): Promise<void>;
  /** on the same port and databases; does nothing while it runs */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open, and nobody answers */
  freeze(): void;
  thaw(): void;
  /** in good order */
  stop(): Promise<void>;
}

const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;

/** Makes its databases, starts it and waits until it answers. Throws what to install where it cannot be had. */
export async function startTemporalOnPostgres(options: TemporalOnPostgresOptions): Promise<TemporalOnPostgres> {
  const executables = options.executables ?? (await wanted());
  mkdirSync(options.folder, { recursive: true });
  const databases = await makeDatabases(executables, options.postgresUrl);
  const ports = await freePorts(2 * SERVICES.length);
  const configuration = writeConfiguration(options, databases, ports);
  const address = `127.0.0.1:${String(ports[0])}`;
  const log = join(options.folder, 'temporal-server.log');
  let running: Identity | null = null;

  async function endWith(signal: NodeJS.Signals): Promise<void> {
    if (running) await end(running, signal, 10_000);
    running = null;
  }
  const signalled = (signal: NodeJS.Signals): void => {
    if (running) process.kill(running.pid, signal);
  };
  const server: TemporalOnPostgres = {
    address, log,
    pid: () => running?.pid ?? null,
    kill: () => endWith('SIGKILL'),
    async start() {
      if (running) return;
      const child = launch(executables.server, configuration, log);
      options.onStarted?.(child);
      running = child.pid === undefined ? null : identityOf(child.pid);
      if (running) noteProcess(options.folder, running);
      const connection = await temporalReady(address, log, () => child.exitCode !== null);
      await connection.close();
    },
    freeze: () => { signalled('SIGSTOP'); },
    thaw: () => { signalled('SIGCONT'); },
    async stop() {
      signalled('SIGCONT');
      await endWith('SIGTERM');
    },
  };
  process.once('exit', () => {
    if (running && isAlive(running)) process.kill(running.pid, 'SIGKILL');
  });
  await server.start();
  return server;
}

async function wanted(): Promise<ServerExecutables> {
  const { cacheDir } = readSettings(process.env);
  const found = await findServerExecutables({ path: process.env['PATH'] ?? '', cacheDir, say: console.log });
  if ('missing' in found) throw new Error(found.missing);
  return found;
}

function launch(server: string, configuration: string, log: string): ChildProcess {
  const output = appendTo(log);
  try {
    const env = { PATH: '/usr/bin:/bin', TZ: 'UTC' };
    return spawn(server, ['--config-file', configuration, '--allow-no-auth', 'start'], { env, stdio: ['ignore', output.fd, output.fd], detached: true });
  } finally {
    output.close();
  }
}

interface Databases {
  host: string;
  user: string;
  password: string;
  store: string;
  visibility: string;
}

/** Two databases with the schemas of this version, which the tool carries within it. */
async function makeDatabases({ sql }: ServerExecutables, postgresUrl: string): Promise<Databases> {
  const { hostname, port, host, username, password } = new URL(postgresUrl);
  const id = randomUUID().slice(0, 8);
  const databases = { host, user: decodeURIComponent(username), password: decodeURIComponent(password), store: `temporal_${id}`, visibility: `temporal_visibility_${id}` };
  const run = async (database: string, ...args: string[]): Promise<void> => {
    const access = ['--plugin', 'postgres12', '--ep', hostname, '--port', port || '5432', '--user', databases.user, '--password', databases.password, '--database', database];
    await promisify(execFile)(sql, [...access, ...args]);
  };
  for (const [database, schema] of [[databases.store, 'temporal'], [databases.visibility, 'visibility']] as const) {
    await run(database, 'create-database');
    await run(database, 'setup-schema', '-v', '0.0');
    await run(database, 'update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
  return databases;
}

/** After Temporal's own `config/development-postgres12.yaml`; JSON is YAML. Answers the path of the file. */
function writeConfiguration({ folder, shards = 4, connections = 20, dynamic = {} }: TemporalOnPostgresOptions, databases: Databases, ports: number[]): string {
  const store = (databaseName: string, maxConns: number): object => ({
    sql: {
      pluginName: 'postgres12', databaseName, connectAddr: databases.host, connectProtocol: 'tcp', user: databases.user, password: databases.password,
      maxConns, maxIdleConns: maxConns, maxConnLifetime: '1h',
    },
  });
  const services = SERVICES.map((name, i) => [name, { rpc: { grpcPort: ports[2 * i], membershipPort: ports[2 * i + 1], bindOnLocalHost: true } }]);
  const settings = join(folder, 'temporal-dynamic.yaml');
  const configuration = join(folder, 'temporal-server.yaml');
  // A new namespace can be used after a second, not after ten.
  const values = { 'system.namespaceCacheRefreshInterval': '1s', 'system.forceSearchAttributesCacheRefreshOnRead': true, ...dynamic };
  writeFileSync(settings, JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [{ value }]]))));
  writeFileSync(configuration, JSON.stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'store', visibilityStore: 'visibility', numHistoryShards: shards,
      datastores: { store: store(databases.store, connections), visibility: store(databases.visibility, Math.ceil(connections / 4)) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services),
    clusterMetadata: {
      enableGlobalNamespace: false, failoverVersionIncrement: 10, masterClusterName: 'active', currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${String(ports[0])}` } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: settings, pollInterval: '10s' },
  }), { mode: 0o600 });
  return configuration;
}

/** Ports that can be had now, all different. Temporal's table of members keeps a port in a signed 16-bit column: they are below 32768. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
