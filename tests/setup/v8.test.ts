import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { V8_FLAGS } from '../../bin/v8.js';

describe('what processes tell V8', () => {
  it('is known to this Node', () => {
    expect(execFileSync(process.execPath, [...V8_FLAGS, '--print', '1'], { encoding: 'utf8' })).toBe('1\n');
    expect(() => execFileSync(process.execPath, ['--no-such-budget=1', '--print', '1'], { stdio: 'pipe' })).toThrow();
  });
});
