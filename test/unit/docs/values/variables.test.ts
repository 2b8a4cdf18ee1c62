/** What the pages say of environment variables is what the program makes of them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import { readSwitch } from '../../../../src/cli/words/switch-words.ts';
import { ROOT, readPages, readSources } from '../pages.ts';

const { commands } = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
const flags = Object.values(commands).flatMap((command) => Object.values(command.flags));

/** Variables that no flag has, read by the app itself. The supervisor's are in the pod. */
const OWN = new Set(
  readSources()
    .filter(({ file }) => !/^src\/(?:supervisor|contract)\//.test(file))
    .flatMap(({ text }) => [...text.matchAll(/\bWS_[A-Z_]+/g)].map(([name]) => name)),
);

/** `WS_KEY` is what WS_IDENTITY was called, and the other one is put in by the build. */
const UNTOLD = ['WS_KEY', 'WS_APP_VERSION'];

/** Variables of the scripts and tests of this repository, which stand in pages for those who work on it. */
const OF_SCRIPTS = /^WS_(?:TEST|DEMO|FUZZ|MADE|BENCH|CHAOS)_/;

/** Why a value is none for this variable; undefined where it may be one. */
function findFault(name: string, value: string): string | undefined {
  const all = flags.filter(({ env }) => env === name);
  if (all.length === 0 && !OWN.has(name)) return 'nothing reads it';
  for (const { type, options } of all) {
    if (type === 'boolean' && readSwitch(value) === undefined) return 'it is yes or no';
    if (options !== undefined && !options.includes(value)) return `it is one of ${options.join(', ')}`;
  }
  return undefined;
}

/** The rows of the table of variables: their names, and the values that are told of them. */
const rows = [
  ...readFileSync(path.join(ROOT, 'docs/install.md'), 'utf8').matchAll(/^\| (`[A-Z][^|]*) \| ([^|]*) \|$/gm),
].map(([, names = '', about = '']) => ({
  names: [...names.matchAll(/`([A-Z_]+)/g)].map(([, name = '']) => name),
  values: [...about.matchAll(/`([a-z]+)`(?! )|`([a-z]+)`(?= or |: |, |\))/g)].map(
    ([, one, other]) => one ?? other ?? '',
  ),
}));

describe('the table of variables', () => {
  it('has those that no flag has', () => {
    expect(rows.length).toBeGreaterThan(8);
    const told = new Set(rows.flatMap(({ names }) => names));
    const withFlag = new Set(flags.map(({ env }) => env));
    const missing = [...OWN].filter((name) => !told.has(name) && !withFlag.has(name) && !UNTOLD.includes(name));
    expect(missing).toEqual([]);
  });

  it.each(rows.filter(({ names }) => names.some((name) => name.startsWith('WS_'))))(
    'tells all values of $names, and no other',
    ({ names, values }) => {
      const known = names.filter((name) => name.startsWith('WS_'));
      const options = known.flatMap((name) => flags.find(({ env }) => env === name)?.options ?? []);
      if (options.length > 0) expect(values.toSorted()).toEqual(options.toSorted());
      for (const value of values)
        expect(
          known.map((name) => findFault(name, value)),
          `${known} ${value}`,
        ).toContain(undefined);
    },
  );
});

// What the log of changes names may be what was refused then.
it.each(readPages().filter(({ file }) => file !== 'CHANGELOG.md'))(
  '$file names variables and values that the program knows',
  ({ text }) => {
    const named = [...text.matchAll(/\b(WS_[A-Z_]*[A-Z])(?:=([\w./:-]+))?/g)].filter(
      ([, name = '']) => !OF_SCRIPTS.test(name),
    );
    const faults = named.flatMap(([whole, name = '', value]) => {
      const isKnown = OWN.has(name) || flags.some(({ env }) => env === name);
      const fault = value === undefined ? (isKnown ? undefined : 'nothing reads it') : findFault(name, value);
      return fault === undefined ? [] : [`${whole}: ${fault}`];
    });
    expect(faults).toEqual([]);
  },
);

it('finds what is none', () => {
  expect(findFault('WS_DOWN_HOME', 'lose')).toBeUndefined();
  expect(findFault('WS_DOWN_HOME', 'loose')).toBe('it is one of keep, delete, lose');
  expect(findFault('WS_SHARE', 'never')).toBe('it is yes or no');
  expect(findFault('WS_NOTHING', 'x')).toBe('nothing reads it');
});
