import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The one call that is needed of what the DOM's types would bring. */
declare const WebAssembly: {
  instantiate(source: Uint8Array, imports: Record<string, object>): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/**
 * Prisma's schema engine as WebAssembly: it applies the same migrations and keeps the same `_prisma_migrations` table as
 * `prisma migrate deploy`, without the binary that has to be downloaded first.
 */
export async function openSchemaEngine(factory: SqlMigrationAwareDriverAdapterFactory): Promise<bindings.SchemaEngine> {
  await loaded();
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, bindMigrationAwareSqlAdapterFactory(factory));
}

/** The bindings take one engine for the whole process, also where this module is there twice, as it is for a runner of tests. */
const loading: { once?: Promise<void> } = sharedBy(Symbol.for('threefold.schema-engine'));

function loaded(): Promise<void> {
  return (loading.once ??= load());
}

/** One object for everybody in this process who asks under a name. */
function sharedBy(name: symbol): object {
  const there: unknown = Reflect.get(globalThis, name);
  if (typeof there === 'object' && there !== null) return there;
  const made = {};
  Reflect.set(globalThis, name, made);
  return made;
}

async function load(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const wasm = await readFile(new URL('./schema_engine_bg.wasm', `file://${entry}`));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': withLooseTimers({ ...bindings }) });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** The engine leaves behind the timer of a lock that it got long ago: ten seconds for which no process need go on. */
function withLooseTimers(imports: Record<string, unknown>): Record<string, unknown> {
  const loose = (set: (...args: unknown[]) => unknown) => (...args: unknown[]): unknown => {
    const timer = set(...args);
    if (timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function') Reflect.apply(timer.unref, timer, []);
    return timer;
  };
  return Object.fromEntries(Object.entries(imports).map(([name, value]) => [
    name,
    name.startsWith('__wbg_setTimeout') && typeof value === 'function' ? loose((...args) => Reflect.apply(value, undefined, args)) : value,
  ]));
}
