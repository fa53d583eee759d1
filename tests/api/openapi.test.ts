import { expect, it } from 'vitest';
import { z } from 'zod';
import { httpCommands, permissions } from '../../domain/complaint/roles.js';
import { apiAlone, listening, objectOf } from './given.js';

const Operation = z.object({
  operationId: z.string(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })),
  parameters: z.array(z.object({ in: z.string(), name: z.string() })).default([]),
});
const Document = z.object({
  openapi: z.literal('3.1.0'), paths: z.record(z.string(), z.record(z.string(), Operation)), components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

const api = apiAlone();
const site = await listening(api.app);
const written = z.looseObject({ paths: z.record(z.string(), z.unknown()) }).parse(await objectOf(await fetch(`${site.url}/openapi.json`)));
const document = Document.parse(written);
await site.stop();
await api.close();
const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

it('tells every operation once, with its answers and its problems', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations) {
    const statuses = Object.keys(operation.responses);
    expect(statuses.some((status) => status.startsWith('2')), path).toBe(true);
    expect(statuses, path).toContain('503');
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const [type, media] = Object.entries(content)[0] ?? [];
      expect(type, `${path} ${status}`).toBe(status.startsWith('2') ? 'application/json' : 'application/problem+json');
      expect(media?.schema, `${path} ${status}`).toBeDefined();
    }
  }
});

it('declares each parameter of a path, and the key of each POST', () => {
  for (const { path, method, operation } of operations) {
    const declared = operation.parameters;
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(declared.filter((one) => one.in === 'path').map((one) => one.name).sort(), path).toEqual(named.sort());
    if (method === 'post') expect(declared.map((one) => one.name), path).toContain('Idempotency-Key');
  }
});

it('has only patterns that a client can use, and numbers that are told as such', () => {
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, pattern]) => JSON.parse(pattern ?? '""') as string);
  expect(patterns.length).toBeGreaterThan(20);
  for (const pattern of patterns) {
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
    expect(pattern).not.toMatch(/\$\/[a-z]*$/);
  }
  const query = z.array(z.object({ name: z.string(), schema: z.looseObject({}) })).parse(z.object({ get: z.looseObject({}) }).parse(written.paths['/v1/complaints']).get['parameters']);
  const schemaOf = (name: string) => query.find((one) => one.name === name)?.schema;
  expect(schemaOf('limit')).toEqual({ type: 'integer', minimum: 1, maximum: 200, default: 50 });
  expect(new RegExp(String(schemaOf('type')?.['pattern']), 'u').test('logistics')).toBe(true);
});

it('points only to schemas that it has', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
  expect(refs.length).toBeGreaterThan(10);
  for (const name of refs) expect(document.components.schemas).toHaveProperty(name);
});

it('has a route for every command, and none for what comes later', () => {
  const paths = Object.keys(document.paths);
  for (const name of httpCommands) expect(paths).toContain(`/v1/complaints/{id}/${permissions[name].path}`);
  expect(paths.filter((path) => /link|elsewhere|approve$|customers|webhooks|events/.test(path))).toEqual([]);
});
