import { LRUCache } from 'lru-cache';

/** So long at most a process remembers words that it has read, and the keys that they were read by. */
const FORGET_MS = 3_600_000;

/**
 * What was used lately, and nothing that is older than an hour: then all of it is forgotten at once. (A time limit for each entry costs
 * a seventh of what it takes to read a case anew: docs/decisions/0008.)
 */
export function createMemory<Value extends object>(options: LRUCache.Options<string, Value, unknown>): LRUCache<string, Value> {
  const memory = new LRUCache<string, Value>(options);
  setInterval(() => { memory.clear(); }, FORGET_MS).unref();
  return memory;
}
