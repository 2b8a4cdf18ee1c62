import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import type { BaseCommand } from '../../../../src/cli/command/base-command.ts';
import type { Spell } from '../../../../src/workspace/errors/spell.ts';
import type { Suggestion } from '../../../../src/workspace/errors/suggestion.ts';
import { findCommand, makeCommand } from './make-command.ts';

const manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;
/** What cannot be any word. */
const VALUES: Record<string, string> = { time: '2h' };
/** Of `ws use` a workspace is the value, not what it is about. */
const commands = Object.values(manifest.commands)
  .filter(({ id, args }) => 'workspace' in args && id !== 'use')
  .map(({ id, args }): [string, string[]] => [
    id,
    Object.values(args).flatMap(({ name, required }) => (required ? [name] : [])),
  ]);

beforeEach(() => vi.stubEnv('WS_WORKSPACE', ''));
afterEach(() => vi.unstubAllEnvs());

interface Parts {
  workspace: string | undefined;
  args: Record<string, string | undefined>;
}

async function read(id: string, words: string[]): Promise<Parts> {
  const { workspace, args } = (await makeCommand<BaseCommand<never>>(id, words)) as unknown as Parts;
  return { workspace, args };
}

it('there are ten such commands at least', () => expect(commands.length).toBeGreaterThanOrEqual(10));

describe.each(commands)('ws %s', (id, names) => {
  const rest = Object.fromEntries(names.map((name) => [name, VALUES[name] ?? name]));
  const needed = Object.values(rest);

  it.each([
    ['by position', ['dev', ...needed]],
    ['by --workspace', ['--workspace', 'dev', ...needed]],
    ['by -w, behind the rest', [...needed, '-w', 'dev']],
    ['by both', ['dev', ...needed, '-w', 'dev']],
  ])('knows the workspace %s', async (_how, words) => {
    vi.stubEnv('WS_WORKSPACE', 'web');
    expect(await read(id, words)).toMatchObject({ workspace: 'dev', args: rest });
  });

  it('knows it by the environment, and does without a name', async () => {
    expect(await read(id, needed)).toMatchObject({ workspace: undefined, args: rest });
    vi.stubEnv('WS_WORKSPACE', 'web');
    expect(await read(id, needed)).toMatchObject({ workspace: 'web', args: rest });
  });

  it('refuses two names, and what no workspace can be called', async () => {
    const both = makeCommand(id, ['dev', ...needed, '-w', 'web']);
    await expect(both).rejects.toMatchObject({ code: 'CONFLICTING_FLAGS' });
    for (const name of ['Me@dev', 'me@', '', 'a b', 'Dev']) {
      const bad = makeCommand(id, ['-w', name, ...needed]);
      await expect(bad, name).rejects.toMatchObject({ code: 'BAD_WORKSPACE_NAME' });
    }
    if (needed.length > 0) await expect(makeCommand(id, [])).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });
});

it.each([
  [['2h'], undefined],
  [['dev', '2h'], 'dev'],
  [['2h', 'dev'], 'dev'],
  [['2h', 'alice@dev', '--json'], 'dev'],
  [['2h', '-w', 'dev'], 'dev'],
  [['2h', '-n', 'team', 'dev'], 'dev'],
  [['--debug', '2h', 'dev'], 'dev'],
  [['2h', '--', 'dev'], 'dev'],
  [['-n', '9a', '2h', 'dev'], 'dev'],
])('ws keep %j is about %s, whatever stands first', async (words, workspace) => {
  expect(await read('keep', words)).toMatchObject({ workspace, args: { time: '2h' } });
});

it.each([
  ['2h Dev_X', 'ws keep dev-x 2h'],
  ['2h -n team Dev_X', 'ws keep dev-x -n team 2h'],
  ['2h dev extra', 'ws keep dev 2h'],
  ['2h dev --yes=no', 'ws keep --help'],
  // Which word a flag that there is not would take, nobody knows: these stay as they were typed.
  ['2h dev --jsn', 'ws keep 2h dev --json'],
  ['2h --ns team', 'ws keep 2h --namespace team'],
])('ws keep %s leads to %s', async (line, expected) => {
  const command = await findCommand<{ spell: Spell }>('keep', line.split(' '));
  const { suggestions } = await command.init().then(
    () => expect.unreachable(),
    (error: { suggestions: Suggestion[] }) => error,
  );
  expect(suggestions.map((one) => command.spell(one).line)[0]).toBe(expected);
});

it.each([
  [['3000'], undefined, ['3000']],
  [['dev', '3000', '8080:3000'], 'dev', ['3000', '8080:3000']],
  [['db:5432', '3000'], undefined, ['db:5432', '3000']],
  [['dev', 'db:5432'], 'dev', ['db:5432']],
  [['[::1]:8080:db:5432'], undefined, ['[::1]:8080:db:5432']],
  [['3000', 'dev'], undefined, ['3000', 'dev']],
  [['alice@dev', '3000'], 'dev', ['3000']],
  [['alice@ws-dev', 'db:5432'], 'ws-dev', ['db:5432']],
  [['ws-dev', '3000'], 'ws-dev', ['3000']],
  [['-w', 'dev', '3000-3005'], 'dev', ['3000-3005']],
])('ws forward %j is about %s', async (words, workspace, forwards) => {
  const command = (await makeCommand('forward', words)) as unknown as Parts & { positions: string[] };
  expect([command.workspace, command.positions]).toEqual([workspace, forwards]);
});
