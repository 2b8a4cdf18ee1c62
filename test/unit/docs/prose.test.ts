import { describe, expect, it } from 'vitest';
import { listProseLines, readPages } from './pages.ts';

const COLUMNS = 120;

describe('prose', () => {
  it.each(readPages())(`of $file has lines of at most ${COLUMNS} characters`, ({ text }) => {
    const long = listProseLines(text).filter(({ line }) => [...line].length > COLUMNS);
    expect(long.map(({ at, line }) => `${at}: ${line}`)).toEqual([]);
  });

  it('is what stands outside of tables and code', () => {
    const text = 'One\n\n| two |\n\n```sh\nthree\n```\n\n- four\n';
    expect(listProseLines(text).filter(({ line }) => line !== '')).toEqual([
      { at: 1, line: 'One' },
      { at: 9, line: '- four' },
    ]);
  });
});
