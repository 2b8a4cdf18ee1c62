import { describe, expect, it } from 'vitest';
import { formatFileChanges } from '../../../src/report/results/file-changes.ts';

const show = (before: string, after: string, path = '/f') => formatFileChanges([{ path, before, after }]);

describe('what would change in files', () => {
  it('is nothing for equal texts, and one file after the other', async () => {
    expect(await show('a\n', 'a\n')).toBe('');
    const change = { path: '/g', before: 'a\n', after: 'b\n' };
    const shown = await formatFileChanges([change, { ...change, after: 'a\n' }, { ...change, path: '/h' }]);
    expect(shown).toBe('--- /g\n+++ /g\n@@ -1,1 +1,1 @@\n-a\n+b\n--- /h\n+++ /h\n@@ -1,1 +1,1 @@\n-a\n+b\n');
  });

  it('has three lines around a change, and says of a line that it has no end', async () => {
    expect(await show('1\n2\n3\n4\n5\n6', '1\n2\n3\nx\n5\n6')).toBe(
      '--- /f\n+++ /f\n@@ -1,6 +1,6 @@\n 1\n 2\n 3\n-4\n+x\n 5\n 6\n\\ No newline at end of file\n',
    );
  });

  it('has a hunk for each place, with the lines that it starts at', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`);
    const after = ['0\n', ...lines.slice(0, 20), ...lines.slice(21)].join('');
    expect(await show(lines.join(''), after)).toBe(
      '--- /f\n+++ /f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -18,7 +19,6 @@\n 18\n 19\n 20\n-21\n 22\n 23\n 24\n',
    );
  });

  it('names /dev/null for a file that comes or goes', async () => {
    expect(await show('', 'a\n')).toBe('--- /dev/null\n+++ /f\n@@ -0,0 +1,1 @@\n+a\n');
    expect(await show('a\n', '')).toBe('--- /f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
  });

  it('keeps every byte of a line, and quotes a path as patch reads it', async () => {
    expect(await show('caf\xe9\r\n', '\xff\r\n', '/home/ü/config')).toBe(
      '--- "/home/\\303\\274/config"\n+++ "/home/\\303\\274/config"\n@@ -1,1 +1,1 @@\n-caf\xe9\r\n+\xff\r\n',
    );
  });
});
