import { describe, expect, it } from 'vitest';
import { EscapeScanner } from '../../../src/adapters/ssh/terminal/escapes.ts';

/** What goes out and what is done, for what is typed in these pieces. */
function type(...pieces: string[]): [string, ...(string | undefined)[]] {
  const scanner = new EscapeScanner();
  const results = pieces.map((piece) => scanner.scan(Buffer.from(piece)));
  const actions = results.map(({ action }) => action).filter((action) => action !== undefined);
  return [Buffer.concat(results.map(({ data }) => data)).toString(), ...actions];
}

describe('escapes', () => {
  it('end the session at the start of a line only', () => {
    expect(type('~.')).toEqual(['', 'disconnect']);
    expect(type('ls\r~.')).toEqual(['ls\r', 'disconnect']);
    expect(type('ls\n', '~', '.')).toEqual(['ls\n', 'disconnect']);
    expect(type('cd ~.')).toEqual(['cd ~.']);
    expect(type('cd ', '~', '.')).toEqual(['cd ~.']);
    expect(type('x~.\r~.')).toEqual(['x~.\r', 'disconnect']);
  });

  it('explain themselves and go on at the start of a line', () => {
    expect(type('~?')).toEqual(['', 'help']);
    expect(type('~?', '~.')).toEqual(['', 'help', 'disconnect']);
  });

  it('send one tilde for two, and an unknown one as it is', () => {
    expect(type('~~')).toEqual(['~']);
    expect(type('~~.')).toEqual(['~.']);
    expect(type('~/bin\r')).toEqual(['~/bin\r']);
    expect(type('~\r~.')).toEqual(['~\r', 'disconnect']);
    expect(type('~', '/x')).toEqual(['~/x']);
  });

  it('leave every other byte alone', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    expect(new EscapeScanner().scan(bytes).data).toEqual(bytes);
  });
});
