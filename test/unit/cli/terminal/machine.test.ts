import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  accountHome,
  accountName,
  folderOf,
  homeFolder,
  settleEnvironment,
  shownHome,
  temporaryFolder,
  xdgFolder,
} from '../../../../src/cli/terminal/machine.ts';

const UNSET = [undefined, '', ' ', '.', 'relative', './relative', '../up', '~/home', '$HOME', '\n/x'];
const XDG = [
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'XDG_BIN_HOME',
  'XDG_RUNTIME_DIR',
] as const;

describe('a folder that a variable names', () => {
  it.each(UNSET)('is unset when it is %j', (value) => {
    for (const name of XDG) expect(xdgFolder({ [name]: value }, name)).toBeUndefined();
    expect(homeFolder({ HOME: value })).toBe(accountHome());
    expect(temporaryFolder({ TMPDIR: value, TMP: value, TEMP: value })).toBe('/tmp');
  });

  it.each(XDG)('of %s is taken when it is absolute', (name) => {
    expect(xdgFolder({ [name]: '/x y' }, name)).toBe('/x y');
  });

  it('of HOME wins over passwd', () => expect(homeFolder({ HOME: '/elsewhere' })).toBe('/elsewhere'));

  it('for what is temporary is the first that is absolute', () => {
    expect(temporaryFolder({ TMPDIR: '', TMP: 'x', TEMP: '/third' })).toBe('/third');
  });
});

describe('the environment', () => {
  it('loses what counts as unset and keeps all else as it is', () => {
    const environment = {
      HOME: '/h',
      XDG_CONFIG_HOME: '',
      XDG_CACHE_HOME: '/c',
      TMPDIR: 'x',
      SHELL: '/bin/zsh',
      A: '',
    };
    settleEnvironment(environment);
    expect(environment).toEqual({ HOME: '/h', XDG_CACHE_HOME: '/c', SHELL: '/bin/zsh', A: '' });
  });

  it('knows no empty variable of ours, for either front door', () => {
    const manifest = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../../../oclif.manifest.json'), 'utf8'),
    );
    const names: string[] = JSON.stringify(manifest).match(/WS_[A-Z_]+/g) ?? [];
    expect(names).toContain('WS_CONTEXT');
    const environment: NodeJS.ProcessEnv = { HOME: '/h', SHELL: '/bin/sh', WS_SHARE: 'no' };
    for (const name of [...names.filter((known) => known !== 'WS_SHARE'), 'WS_WORKSPACE', 'WS_HELM', 'WS_CONFIG_DIR'])
      environment[name] = '';
    settleEnvironment(environment);
    expect(environment).toEqual({ HOME: '/h', SHELL: '/bin/sh', WS_SHARE: 'no' });
  });

  it.each(UNSET)('gets the home of passwd for HOME %j', (value) => {
    const environment: NodeJS.ProcessEnv = { ...(value === undefined ? {} : { HOME: value }) };
    settleEnvironment(environment);
    expect(folderOf(environment, 'HOME')).toBe(accountHome());
    expect(shownHome()).toBe(homeFolder());
  });

  it('names the home as shells do where HOME says it', () => {
    settleEnvironment({ HOME: '/h' });
    expect(shownHome()).toBe('~');
  });
});

describe('the account', () => {
  it('has a name', () => expect(accountName()).not.toBe(''));

  it.runIf(process.getuid?.() === 0)('of a UID that passwd does not know is its number, at home in /', () => {
    const program = `
      import * as machine from ${JSON.stringify(path.resolve('src/cli/terminal/machine.ts'))};
      machine.settleEnvironment(process.env);
      const { HOME, SHELL } = process.env;
      console.log(JSON.stringify([machine.accountName(), machine.accountHome() ?? null, machine.homeFolder(), HOME, SHELL]));`;
    const printed = execFileSync(
      'setpriv',
      ['--reuid=54321', '--regid=54321', '--clear-groups', 'env', '-i', process.execPath, '--input-type=module'],
      { input: program, encoding: 'utf8', cwd: '/' },
    );
    expect(JSON.parse(printed)).toEqual(['54321', null, '/', '/', '/bin/sh']);
  });
});
