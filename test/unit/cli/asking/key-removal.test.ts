import { describe, expect, it, vi } from 'vitest';
import { explainSwapped, explainWordAlone } from '../../../../src/cli/asking/key-removal.ts';
import { getDoomedKey } from '../../../../src/operations/authorized-keys.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { changeable } from '../../operations/changeable.ts';
import { fakeWorld, makeIdentity } from '../../operations/fake-world.ts';
import { keptHome, snapshot } from '../../workspace/snapshots.ts';

const KEYS = Buffer.from(
  [1, 2].map((seed) => `ssh-ed25519 ${makeIdentity(seed).blob} ${seed === 1 ? 'me' : 'dev'}\n`).join(''),
);
const NEVER = new AbortController().signal;
const called = (name: string): WorkspaceSnapshot => ({ ...snapshot(), name });

/** What `ws keys rm WORD` finds, where this folder's workspace is `bound`. */
async function remove(word: string, bound: string | undefined, all: WorkspaceSnapshot[]) {
  const listWorkspaces = vi.fn(async () => all);
  const { world } = fakeWorld({
    cluster: {
      ...changeable(KEYS, () => async () => undefined),
      namespace: 'team',
      context: 'kind',
      listWorkspaces,
      findWorkspace: async (name) => all.find((one) => one.name === name),
    },
    identities: { list: async () => [] } as never,
  });
  const found = await getDoomedKey(bound, { word }, world, NEVER).then(
    ({ workspace, key }) => `${key.comment} of ${workspace}`,
    (error) => explainWordAlone(error, word, world, NEVER),
  );
  expect(listWorkspaces.mock.calls.length).toBeLessThanOrEqual(1);
  if (typeof found === 'string') return found;
  const { message, reason, suggestions } = found as WorkspaceError;
  const typed = readTyped('keys rm', [word], []);
  return [message, reason, ...suggestions.map((one) => spell(one, { place: {}, typed }).line)];
}

describe('a word alone, for ws keys rm', () => {
  it.each<[string, string | undefined, string[], string]>([
    ['the only workspace is called so, too', undefined, ['dev'], 'dev of dev'],
    ['this folder has another workspace', 'web', ['dev', 'web'], 'dev of web'],
    ['this folder has the workspace of that name', 'dev', ['dev', 'web'], 'dev of dev'],
  ])('is the key where %s', async (_where, bound, names, expected) => {
    expect(await remove('dev', bound, names.map(called))).toBe(expected);
  });

  it('may be either where several workspaces can be meant', async () => {
    expect(await remove('dev', undefined, ['dev', 'web'].map(called))).toEqual([
      'Nobody said which key of workspace dev is to go',
      'A word alone is the key',
      'ws keys ls dev',
      'ws keys rm dev KEY',
      'ws keys rm dev dev',
      'ws keys rm web dev',
      'ws use dev',
    ]);
    const other = await remove('me', undefined, ['dev', 'web'].map(called));
    expect(other[0]).toBe('Which workspace? There are 2 in namespace team');
  });

  it('was meant as the workspace where no key is called so', async () => {
    expect(await remove('api', 'web', ['api', 'web'].map(called))).toEqual([
      'Nobody said which key of workspace api is to go',
      'A word alone is the key: No authorized key has the fingerprint or comment "api"',
      'ws keys ls api',
      'ws keys rm api KEY',
    ]);
  });

  it('is a key that is not there where of a workspace only the home is', async () => {
    const kept = { ...keptHome({ name: 'ws-old-home', workspace: 'old' }), name: 'old' };
    const [message] = await remove('old', 'web', [called('web'), kept]);
    expect(message).toBe('No authorized key has the fingerprint or comment "old"');
  });
});

describe('a key before its workspace, for ws keys rm', () => {
  const text = Buffer.from(
    [1, 2].map((seed) => `ssh-ed25519 ${makeIdentity(seed).blob} ${seed === 1 ? 'me@second' : 'dev'}\n`).join(''),
  );
  const explain = async (first: string, second: string) => {
    const all = [called('dev')];
    const { world } = fakeWorld({
      cluster: {
        ...changeable(text, () => async () => undefined),
        namespace: 'team',
        context: 'kind',
        findNamespace: async () => 'there',
        listWorkspaces: async () => all,
        findWorkspace: async (name: string) => all.find((one) => one.name === name),
      } as never,
      identities: { list: async () => [] } as never,
    });
    const error = await getDoomedKey(first, { word: second }, world, NEVER).catch((thrown) =>
      explainSwapped(thrown, [first, second], world, NEVER),
    );
    const { message, suggestions } = error as WorkspaceError;
    const typed = readTyped('keys rm', [first, second], [], () => true);
    return [message, ...suggestions.map((one) => spell(one, { place: {}, typed }).line)];
  };

  it('was meant the other way around where that key is there', async () => {
    expect(await explain('me@second', 'dev')).toEqual([
      '"me@second" is a key of workspace dev, and not a workspace',
      'ws keys rm dev me@second',
    ]);
  });

  it('is a workspace that nobody wants to make where no such key is there', async () => {
    const [message, ...lines] = await explain('other@second', 'dev');
    expect(message).toMatch(/^There is no workspace second/);
    expect(lines.filter((line) => line.startsWith('ws up'))).toEqual([]);
  });
});
