import { describe, expect, it } from 'vitest';
import { formatError, toErrorDocument } from '../../../src/report/results/error-screen.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import { advice, ws } from '../../../src/workspace/errors/suggestion.ts';
import { spellHere } from '../../spelling.ts';

const PLAIN = { columns: 80, color: false, debug: false, spell: spellHere };
const known = failure('STORAGE_CLASS_UNKNOWN', {
  message: 'There is no storage class slow',
  reason: 'There is: fast',
  suggestions: [
    ws`up --storage-class fast`,
    { ...ws`up --storage-class none`, note: 'the home is lost with the pod' },
    advice('Or ask somebody'),
  ],
  cause: new Error('inner'),
});

describe('the screen of an error', () => {
  it('says what, why, what to do and where to read more', () => {
    expect(formatError(known, PLAIN)).toMatchInlineSnapshot(`
      "✗ There is no storage class slow
        There is: fast

        Try:
          ws up --storage-class fast
          ws up --storage-class none
            the home is lost with the pod
          Or ask somebody

        More: ws help STORAGE_CLASS_UNKNOWN
      "
    `);
  });

  it('leaves out what nobody knows', () => {
    expect(formatError(failure('WORKSPACE_MISSING', { message: 'Gone' }), PLAIN)).toMatchInlineSnapshot(`
      "✗ Gone

        More: ws help WORKSPACE_MISSING
      "
    `);
  });

  it('says that a bug is one, and how to show more of it', () => {
    expect(formatError(new TypeError('x is not a function'), PLAIN)).toMatchInlineSnapshot(`
      "✗ x is not a function

        This is a bug in ws. What you had is untouched.
        Run it again with --debug, and report what it prints.
      "
    `);
  });

  it('shows where a bug came from only when it is asked to', () => {
    const bug = new TypeError('x is not a function');
    expect(formatError(bug, PLAIN)).not.toMatch(/error-screen\.test/);
    expect(formatError(bug, { ...PLAIN, debug: true })).toMatch(/at .*error-screen\.test\.ts/);
    expect(formatError(known, PLAIN)).not.toMatch(/inner/);
    expect(formatError(known, { ...PLAIN, debug: true })).toMatch(/Error: inner/);
  });

  it('wraps sentences to the window and leaves commands whole', () => {
    const long = failure('HELM_FAILED', {
      message: 'Helm could not write the release because the cluster would not have it',
      reason: `${'word '.repeat(20).trim()} ${'x'.repeat(60)}`,
      suggestions: [ws`up --values ${'/long'.repeat(12)}`],
    });
    expect(formatError(long, { ...PLAIN, columns: 40 })).toMatchInlineSnapshot(`
      "✗ Helm could not write the release
        because the cluster would not have it
        word word word word word word word
        word word word word word word word
        word word word word word word
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

        Try:
          ws up --values /long/long/long/long/long/long/long/long/long/long/long/long

        More: ws help HELM_FAILED
      "
    `);
  });

  it('is never wider than reads well', () => {
    const text = formatError(failure('HELM_FAILED', { message: 'word '.repeat(100).trim() }), {
      ...PLAIN,
      columns: 300,
    });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('keeps the lines of another program, indented', () => {
    const lines = failure('HELM_FAILED', { message: 'One\nTwo', reason: 'three\nfour' });
    expect(formatError(lines, PLAIN)).toMatch(/^✗ One\n {2}Two\n {2}three\n {2}four\n/);
  });

  it('has one colour for the mark and one for the footnote', () => {
    const text = formatError(known, { ...PLAIN, color: true });
    expect(text.replaceAll('\x1b', 'ESC')).toMatch(/^ESC\[31m✗ESC\[0m There/);
    expect(text.replaceAll('\x1b', 'ESC')).toMatch(/ESC\[2mMore: ws help STORAGE_CLASS_UNKNOWNESC\[0m\n$/);
    expect(formatError(known, PLAIN)).not.toMatch(/\x1b/);
  });

  it.each([
    [
      'an error',
      failure('HELM_FAILED', {
        message: 'a\x1b[2Jb',
        reason: 'c\x1b]52;c;evil\x07d',
        suggestions: [
          advice('e\x9b31m\x90f\rg'),
          { ...ws`e\x9b31m ${'\x90f\rg'}`, note: 'h\x1b[2J', workspace: 'i\x07' },
        ],
      }),
    ],
    ['a bug', new Error('a\x1b[2Jb\x07\x85')],
    ['a cause', failure('HELM_FAILED', { message: 'a', cause: new Error('x\x1b[2J\x07') })],
  ])('of %s obeys nothing that another program wrote', (_name, error) => {
    expect(formatError(error, { ...PLAIN, debug: true })).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});

describe('the document of an error', () => {
  it('has all parts by name', () => {
    expect(toErrorDocument(known, spellHere)).toEqual({
      v: 1,
      error: {
        code: 'STORAGE_CLASS_UNKNOWN',
        kind: 'refused',
        message: 'There is no storage class slow',
        reason: 'There is: fast',
        suggestions: ['ws up --storage-class fast', 'ws up --storage-class none', 'Or ask somebody'],
        suggested: [
          { command: 'ws up --storage-class fast' },
          { command: 'ws up --storage-class none', note: 'the home is lost with the pod' },
          { text: 'Or ask somebody' },
        ],
        ref: 'ws help STORAGE_CLASS_UNKNOWN',
      },
    });
  });

  it('has null for a reason that nobody knows, and a code for bugs', () => {
    expect(
      JSON.parse(JSON.stringify(toErrorDocument(failure('BAD_VALUE', { message: 'x' }), spellHere))),
    ).toMatchObject({
      error: { reason: null, suggestions: [], suggested: [] },
    });
    expect(toErrorDocument(new Error('x'), spellHere)).toEqual({ v: 1, error: { code: 'BUG', message: 'x' } });
  });
});
