/**
 * Every fault that the parser has a word for, typed at the real entry: the whole screen, in the product's own words.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatSchemaFaults } from '../../json-schema.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const home = mkdtempSync(path.join(tmpdir(), 'ws-usage-'));

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** As a person types them, and what oclif would say of each in its own words. */
const TYPED: [line: string, environment?: Record<string, string>][] = [
  // NonExistentFlagsError
  ['ls --jsn -n x'],
  ['ls --nothing --more'],
  ['down dev --storage-class fast'],
  // UnexpectedArgsError
  ['ls foo'],
  ['status dev extra'],
  ['keys add dev FILE extra'],
  // RequiredArgsError
  ['config get'],
  ['config set'],
  ['keys add'],
  // FlagInvalidOptionError
  ['down dev --home kep'],
  ['ls', { WS_PROGRESS: 'jsn' }],
  // ArgInvalidOptionError
  ['completion bsh'],
  // Flag --x expects a value, expects one of these values, can only be specified once
  ['ls --context'],
  ['ls --context --debug'],
  ['down dev --home'],
  ['ls --context a --context b'],
  // FailedFlagValidationError: exclusive, dependsOn
  ['down dev --keep-home --delete-home'],
  ['forward 3000 --ignore 9229'],
  // A value for a switch, which oclif takes for an argument
  ['status --json=true'],
  // command not found
  ['nonsense'],
  ['sssh dev'],
  ['list'],
  ['start dev'],
  ['keys nonsense'],
  ['help nonsense'],
  ['help workspace-mising'],
  ['--tmux ssh dev'],
];

/** oclif's, commander's and Node's. */
const FOREIGN =
  /Nonexistent|required arg|Unexpected|Expected|expects|specified once|following error|cannot also|must be provided|See more help|not found|ENOENT|TypeError|Format output/;

function type(words: string[], environment: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, COLUMNS: '80', ...environment };
  return spawnSync(process.execPath, [path.join(ROOT, 'bin/run.js'), ...words], { encoding: 'utf8', env, input: '' });
}

describe('a line that cannot be run', () => {
  it('ends with 2, and says on stderr what is wrong and what to type instead', async () => {
    const screens = TYPED.map(([line, environment]) => {
      const { status, stdout, stderr } = type(line.split(' '), environment);
      expect([line, status, stdout]).toEqual([line, 2, '']);
      expect(stderr, line).not.toMatch(FOREIGN);
      const variables = Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value} `);
      return `$ ${variables.join('')}ws ${line}\n${stderr}`;
    });
    await expect(screens.join('\n')).toMatchFileSnapshot('usage-screens.txt');
  });

  it.each(TYPED.filter(([line]) => !/^(?:help|--tmux)|--json|--ignore/.test(line)))(
    'prints a document with --json: ws %s',
    (line, environment) => {
      for (const words of [
        [...line.split(' '), '--json'],
        ['--json', ...line.split(' ')],
      ]) {
        const { status, stdout, stderr } = type(words, environment);
        expect([status, stderr]).toEqual([2, '']);
        const document = JSON.parse(stdout);
        expect(formatSchemaFaults('error', document)).toEqual([]);
        expect(document.error.ref).toBe(`ws help ${document.error.code}`);
      }
    },
  );

  it('is for ws ssh a line like any other', () => {
    expect(type(['ssh', 'dev', '--tyt']).status).toBe(2);
  });
});

describe('help and version', () => {
  it.each([['-h'], ['--help'], ['help']])('ws %s shows all commands', (word) => {
    const { status, stdout, stderr } = type([word]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^.+\n\nEXAMPLES\n[\s\S]*COMMANDS\n/);
  });

  it.each([['-v'], ['-V'], ['--version'], ['version']])('ws %s says which version it is', (word) => {
    const { status, stdout } = type([word]);
    expect([status, stdout]).toEqual([0, type(['version', '--debug']).stdout]);
    expect(stdout).toMatch(/^ws-workspace\/\d\S* \S+ node-v\d+\S*\n$/);
    const document = JSON.parse(type([word, '--json']).stdout);
    expect(formatSchemaFaults('version', document)).toEqual([]);
    expect(stdout).toBe(`ws-workspace/${document.version} ${document.platform} node-${document.node}\n`);
  });

  it.each(['up', 'keys add', 'keys', 'help', 'config-ssh'])('ws help %s is its --help and its -h', (command) => {
    const words = command.split(' ');
    const { status, stdout } = type(['help', ...words]);
    expect(status).toBe(0);
    expect(stdout).toContain('USAGE');
    expect(type([...words, '--help']).stdout).toBe(stdout);
    expect(type([...words, '-h']).stdout).toBe(stdout);
    expect(type(['-n', 'x', ...words, '-h']).stdout).toBe(stdout);
  });

  it('ws help CODE reads its section from the package, in any case', () => {
    for (const code of ['WORKSPACE_STOPPED', 'workspace-stopped', 'Workspace_Stopped']) {
      const { status, stdout, stderr } = type(['help', code]);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^WORKSPACE_STOPPED {2}the workspace: exit code 5\n\nThe workspace exists/);
    }
  });
});
