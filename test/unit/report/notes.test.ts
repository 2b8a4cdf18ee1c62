import { afterEach, describe, expect, it } from 'vitest';
import { leadTo, type Reader, sayAside, sayLine, sayNote, setReader } from '../../../src/report/notes.ts';

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

describe('what is said beside the result', () => {
  afterEach(() => setReader('person'));

  /** A note with a command, and a credential plugin's line. */
  function sayTo(reader: Reader): string[] {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) } as never;
    setReader(reader);
    sayNote(stream, { text: 'the key is weak', command: 'ws keys rm dev KEY' });
    sayAside(stream, 'Open https://login.example.com');
    return written.join('').trimEnd().split('\n');
  }

  it('is an object a line for a program', () => {
    expect(sayTo('program').map((line) => JSON.parse(line))).toEqual([
      {
        ...{ v: 1, time: expect.stringMatching(/^\d{4}-.*Z$/), type: 'noticed', level: 'warning' },
        notice: { kind: 'text', text: 'the key is weak', suggestion: 'ws keys rm dev KEY' },
      },
      {
        ...{ v: 1, time: expect.any(String), type: 'noticed', level: 'info' },
        notice: { kind: 'text', text: 'Open https://login.example.com' },
      },
    ]);
  });

  it('is no note for who wants errors alone, but still what a plugin asks for', () => {
    expect(sayTo('nobody')).toEqual(['Open https://login.example.com']);
  });
});

describe('a line for a person', () => {
  const TEXT = 'ws: Workspace dev has been asleep since 3 November 2026 at 17:04, when nobody used it; waking it';

  it.each([20, 40, 80])('is broken between words on %i columns', (columns) => {
    const written: string[] = [];
    sayLine({ write: (text: string) => written.push(text), columns } as never, TEXT);
    const lines = written.join('').trimEnd().split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(TEXT);
  });

  it('is one line in a pipe', () => {
    const written: string[] = [];
    sayLine({ write: (text: string) => written.push(text) } as never, TEXT);
    expect(written).toEqual([`${TEXT}\n`]);
  });

  it.each<[number | undefined, string[]]>([
    [undefined, ['  try it: ssh ws-dev']],
    [20, ['  try it: ssh ws-dev']],
    [19, ['  try it:', '    ssh ws-dev']],
    [9, ['  try it:', '    ssh ws-dev']],
  ])('that leads to a command leaves it whole, on %s columns', (columns, expected) => {
    expect(leadTo('  try it', 'ssh ws-dev', columns)).toEqual(expected);
  });
});
