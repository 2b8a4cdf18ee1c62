/** `ws-dev.team` is what `ws config-ssh` calls dev of a second namespace: every command understands it alike. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../../scripts/command-reference.ts';
import type { Place } from '../../../../src/workspace/place.ts';
import { renderSshConfig } from '../../../../src/workspace/ssh-config/ssh-config.ts';
import { makeCommand } from './make-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ws-hosts-'));
const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest;

/** Commands and topics that never ask a cluster. */
const OF_THIS_MACHINE = ['complete', 'completion', 'config', 'help', 'hold', 'version'];
const asking = Object.values(commands).filter(({ id }) => !OF_THIS_MACHINE.includes(id.split(':')[0] ?? ''));
const needs = ({ args }: (typeof asking)[number]) =>
  Object.values(args).flatMap(({ name, required, options }) =>
    required && name !== 'home' ? [options?.[0] ?? '1h'] : [],
  );
/** Those that take a workspace by position, of which `ws homes rm` calls it a home. */
const taking = asking
  .filter(({ args }) => 'workspace' in args || 'home' in args)
  .map((command): [string, string[]] => [command.id, needs(command)]);
const others = asking
  .filter(({ args }) => !('home' in args))
  .map((command): [string, string[]] => [command.id, needs(command)]);

/** What a command knows before it runs. */
interface Known {
  place: Place;
  here: { workspace: string | undefined };
  args: { workspace?: string };
  named?: { address: string | undefined };
}

async function read(id: string, words: string[]): Promise<{ place: Place; workspace: string | undefined }> {
  const { place, here, args, named } = await makeCommand<Known>(id, words);
  return { place, workspace: named?.address ?? args.workspace ?? here.workspace };
}

beforeEach(() => {
  const config = path.join(folder, 'ws');
  mkdirSync(config, { recursive: true });
  vi.stubEnv('WS_CONFIG_DIR', config);
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  vi.stubEnv('WS_WORKSPACE', '');
  const host = { user: 'alice', identityFile: undefined, isTlsPostQuantum: false };
  const inPlace = (before: string, namespace: string) =>
    renderSshConfig(
      before,
      [{ ...host, workspace: 'dev', hostKeyAlias: `ws-dev.${namespace}.uid` }],
      { context: 'work', namespace, kubeconfig: undefined },
      { words: ['/usr/bin/ws'], platform: 'linux', knownHostsFile: '/k' },
    );
  writeFileSync(path.join(config, 'ssh_config'), inPlace(inPlace('', 'mine'), 'team'));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

const TEAM = { place: { context: 'work', namespace: 'team' }, workspace: 'dev' };

it('the table has all commands', () => {
  expect(taking.map(([id]) => id)).toEqual(expect.arrayContaining(['use', 'homes:rm', 'ssh', 'keys:add', 'up']));
  expect(others.map(([id]) => id)).toEqual(expect.arrayContaining(['ls', 'homes:ls', 'doctor']));
});

describe.each(taking)('ws %s', (id, rest) => {
  it('takes workspace and place from a host of ours, before what variables say', async () => {
    vi.stubEnv('WS_NAMESPACE', 'mine');
    expect(await read(id, ['ws-dev.team', ...rest])).toMatchObject(TEAM);
    expect(await read(id, ['alice@ws-dev.team', ...rest])).toMatchObject({ ...TEAM, workspace: 'alice@dev' });
  });

  it('leaves the name as it is where a flag says another place, and where no host is called so', async () => {
    const other = await read(id, ['ws-dev.team', ...rest, '--namespace', 'mine']);
    expect(other).toMatchObject({ place: { namespace: 'mine' }, workspace: 'ws-dev.team' });
    expect(await read(id, ['ws-web.team', ...rest])).toMatchObject({ workspace: 'ws-web.team' });
  });
});

it.each(others)('ws %s takes them from WS_WORKSPACE', async (id, rest) => {
  vi.stubEnv('WS_WORKSPACE', 'ws-dev.team');
  expect(await read(id, rest)).toMatchObject(TEAM);
});
