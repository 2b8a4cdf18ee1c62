import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { leaveLastWords } from '../../../../src/supervisor/output/termination.ts';

it('leaves its last words instead of what was there, bounded, and makes no file where there is none', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'termination-'));
  try {
    const file = path.join(folder, 'termination-log');
    expect(() => leaveLastWords('nobody listens', file)).not.toThrow();
    writeFileSync(file, 'what another program wrote there, and longer');
    leaveLastWords('the shell is none', file);
    expect(readFileSync(file, 'utf8')).toBe('the shell is none');
    leaveLastWords('x'.repeat(5000), file);
    expect(readFileSync(file, 'utf8')).toHaveLength(1024);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
