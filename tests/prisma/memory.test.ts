import { afterEach, expect, it, vi } from 'vitest';
import { createMemory } from '../../prisma/memory.js';

afterEach(() => vi.useRealTimers());

it('nothing is remembered for longer than an hour, however often it is asked for', () => {
  vi.useFakeTimers();
  const memory = createMemory<object>({ max: 5 });
  memory.set('a word', {});
  for (let minutes = 0; minutes < 59; minutes += 1) {
    vi.advanceTimersByTime(60_000);
    expect(memory.get('a word'), `${minutes + 1} min`).toBeDefined();
  }
  vi.advanceTimersByTime(60_000);
  expect(memory.get('a word')).toBeUndefined();
});
