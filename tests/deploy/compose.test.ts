import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variables } from '../../bin/configuration.js';
import { readMasterKey, readPrivateKey } from '../../bin/keys.js';
import { freshFolder } from '../harness/threefold.js';
import { root } from './context.js';
import { isRead, secondsToStop } from './variables.js';

const folder = join(root, 'deploy/compose');
const written: unknown = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true });

const Named = z.union([z.string(), z.object({ source: z.string() }).loose()]).transform((one) => (typeof one === 'string' ? one : one.source));
const Service = z.object({
  image: z.string(),
  build: z.object({ context: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  env_file: z.array(z.string()).default([]),
  secrets: z.array(Named).default([]),
  configs: z.array(Named).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  stop_grace_period: z.string().optional(),
}).loose();
const { services, secrets, configs, networks } = z.object({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  configs: z.record(z.string(), z.object({ file: z.string() })),
  networks: z.record(z.string(), z.unknown()),
}).parse(written);
const own = Object.entries(services).filter(([, { image }]) => image.includes('THREEFOLD_IMAGE'));

describe('the Compose file', () => {
  it('is one, by the specification\'s own schema', () => {
    const { $schema: _, ...rules } = JSON.parse(readFileSync(join(root, 'tests/deploy/schemas/compose-spec.json'), 'utf8')) as Record<string, unknown>;
    const holds = new Ajv({ strict: false, validateFormats: false }).compile(rules);
    holds(written);
    expect(holds.errors).toBeNull();
  });

  it('names files that are there', () => {
    for (const { file } of Object.values(configs)) expect(existsSync(join(folder, file)), file).toBe(true);
    for (const { build } of Object.values(services)) if (build) expect(existsSync(join(folder, build.context, 'Dockerfile'))).toBe(true);
  });

  it('declares all that it uses, and nothing else', () => {
    const used = (of: 'secrets' | 'configs' | 'networks') => [...new Set(Object.values(services).flatMap((service) => service[of]))].sort();
    expect(used('secrets')).toEqual(Object.keys(secrets).sort());
    expect(used('configs')).toEqual(Object.keys(configs).sort());
    expect(used('networks')).toEqual(Object.keys(networks).sort());
  });

  it('waits for services that can say when they are there', () => {
    for (const { depends_on: needed } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(needed)) {
        expect(services, name).toHaveProperty(name);
        if (condition === 'service_healthy') expect(services[name], name).toHaveProperty('healthcheck');
      }
    }
  });

  it('pins every image by a version, and publishes nothing beyond this machine', () => {
    for (const [name, { image, ports }] of Object.entries(services)) {
      expect(image, name).toMatch(/:\d+\.\d+(\.\d+)?(-\w+)?\}?$/);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});

describe('the processes of Threefold in it', () => {
  it('are the three there are', () => {
    expect(own.map(([, { command }]) => command?.[0]).sort()).toEqual(['api', 'migrate', 'worker']);
  });

  it.each(own)('%s is told only what is read', (_, { environment }) => {
    for (const name of Object.keys(environment)) expect(isRead(name, variables), name).toBe(true);
  });

  it.each(own)('%s may write nothing and become nobody', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it.each(own)('%s has the time to stop that it takes', (_, { stop_grace_period: given = '10s', environment, command }) => {
    expect(Number.parseInt(given, 10)).toBeGreaterThan(secondsToStop(command?.[0], (name) => environment[name]));
  });
});

describe('its secrets', () => {
  const openssl = process.env['PATH']?.split(':').some((path) => existsSync(join(path, 'openssl'))) ?? false;

  it.skipIf(!openssl)('are made by one script, once, in the form that is read', () => {
    const here = freshFolder();
    cpSync(join(folder, 'secrets.sh'), join(here, 'secrets.sh'));
    const made = () => execFileSync('sh', [join(here, 'secrets.sh')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(made()).toContain('master.key is made');
    const files = [...Object.values(secrets).map(({ file }) => file), ...Object.values(services).flatMap(({ env_file: file }) => file)];
    for (const file of files) expect(existsSync(join(here, file)), file).toBe(true);
    expect(readMasterKey(join(here, 'secrets/master.key'))).toHaveLength(32);
    for (const name of ['command', 'token']) expect(readPrivateKey(join(here, `secrets/${name}.pem`)).asymmetricKeyType).toBe('ed25519');
    const env = readFileSync(join(here, 'secrets/threefold.env'), 'utf8');
    expect(new URL(env.trim().replace('DATABASE_URL=', ''))).toMatchObject({ protocol: 'postgres:', hostname: 'postgres', pathname: '/threefold' });
    expect(made()).toBe('');
  });

  it('never enter Git', () => {
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('secrets/');
  });
});
