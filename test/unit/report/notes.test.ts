import { describe, expect, it } from 'vitest';
import { sayNote } from '../../../src/report/notes.ts';

const LONG = 'the cluster is reached by NODE_EXTRA_CA_CERTS, which a program of the desktop need not have';

/** What stands on a stream of so many columns; a pipe has none. */
function said(columns: number | undefined, command?: string): string {
  const written: string[] = [];
  sayNote({ write: (text: string) => written.push(text), columns } as never, {
    text: LONG,
    ...(command === undefined ? {} : { command }),
  });
  return written.join('');
}

describe('a note', () => {
  it.each([20, 40, 80, 100])('is broken between words on %i columns', (columns) => {
    const lines = said(columns).trimEnd().split('\n');
    expect(lines.filter((line) => line.length > columns && line.trim().includes(' '))).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(`Note: ${LONG}`);
  });

  it.each([20, 80, undefined])('has its command on a line of its own, as it is copied, on %s columns', (columns) => {
    const command = "ws keys add dev '~/.ssh/a key of a long name.pub' --context work --namespace a-team-of-many";
    const lines = said(columns, command).trimEnd().split('\n');
    expect(lines.at(-1)).toBe(`  ${command}`);
    expect(lines.slice(0, -1).join(' ')).not.toContain('keys add');
  });

  it('is one line in a pipe', () => expect(said(undefined)).toBe(`Note: ${LONG}\n`));
});
