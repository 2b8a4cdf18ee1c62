import { describe, expect, it } from 'vitest';
import { KEY_CHANGES_ENTRY, toKeyHash } from '../../../src/contract/keys/key-changes.ts';
import { AUTHORIZED_KEYS_FILE } from '../../../src/contract/paths.ts';
import { addKeys, getDoomedKey, removeKey } from '../../../src/operations/authorized-keys.ts';
import { listKeys, listKeysHere } from '../../../src/operations/look/keys.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import { saying } from '../../spelling.ts';
import { snapshot } from '../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from './fake-world.ts';

const [one, two, three] = [1, 2, 3].map((seed) => makeIdentity(seed)) as [
  ReturnType<typeof makeIdentity>,
  ReturnType<typeof makeIdentity>,
  ReturnType<typeof makeIdentity>,
];
const line = (key: typeof one, before = '') => `${before}${key.type} ${key.blob} ${key.comment}`;

const LABELS = { 'app.kubernetes.io/name': 'ws-workspace', 'app.kubernetes.io/component': 'authorized-keys' };
const OF_HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
const ANNOTATIONS = { 'meta.helm.sh/release-name': 'ws-dev' };

interface Prepared {
  /** They change the Secret before a write. */
  rivals?: ((text: string) => string)[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  own?: (typeof one)[];
}

/** A Secret that refuses a change made from an old reading, as the API server does. */
function secretOf(text: string | undefined, options: Prepared = {}) {
  const { rivals = [], own = [], labels = { ...LABELS, ...OF_HELM }, annotations = ANNOTATIONS } = options;
  const state = { text, changes: undefined as string | undefined, writes: 0 };
  const read = () =>
    new Map(
      [[AUTHORIZED_KEYS_FILE, state.text] as const, [KEY_CHANGES_ENTRY, state.changes] as const].flatMap(
        ([key, value]) => (value === undefined ? [] : [[key, Buffer.from(value)] as const]),
      ),
    );
  const { world } = fakeWorld({
    identities: { list: async () => own },
    cluster: {
      findWorkspace: async () => snapshot(),
      async findSecret(name) {
        expect(name).toBe('ws-dev-authorized-keys');
        return read();
      },
      findMarkedSecret: async () => ({ data: read(), labels, annotations, changedAt: undefined }),
      async updateSecret(_name, before, entries) {
        expect(Object.keys(entries)).toEqual([AUTHORIZED_KEYS_FILE, KEY_CHANGES_ENTRY]);
        const rival = rivals.shift();
        if (rival !== undefined) state.text = rival(state.text ?? '');
        if (before.get(AUTHORIZED_KEYS_FILE)?.toString() !== state.text)
          throw failure('WORKSPACE_BUSY', { message: 'changed' });
        state.text = entries[AUTHORIZED_KEYS_FILE]?.toString();
        state.changes = entries[KEY_CHANGES_ENTRY]?.toString();
        state.writes += 1;
      },
    },
  });
  return { world, state, rivals };
}

const remove = async (wanted: string, world: ReturnType<typeof secretOf>['world']) =>
  removeKey(await getDoomedKey('dev', { word: wanted }, world, NEVER), world, NEVER);

describe('the keys of a workspace', () => {
  it('are listed in their order, with fingerprints, and without comments', async () => {
    const { world } = secretOf(`# mine\n${line(one)}\n\n${line(two, 'no-pty,command="echo hi" ')}\ngarbage\n`);
    const keys = await listKeys('dev', world, NEVER);
    expect(keys.map(({ comment, fingerprint }) => [comment, fingerprint])).toEqual([
      ['key-1', one.fingerprint],
      ['key-2', two.fingerprint],
    ]);
  });
});

describe('the keys of a workspace that this machine has', () => {
  it('are listed with the file and the comment that they have here', async () => {
    const own = [{ ...one, comment: 'alice' }, makeIdentity(3, { source: 'agent', path: undefined })];
    const { world } = secretOf([one, two, three].map((key) => line(key)).join('\n'), { own });
    const { keys } = await listKeysHere('dev', world, NEVER);
    expect(keys.map(({ comment, here }) => [comment, here])).toEqual([
      ['key-1', { path: one.path, comment: 'alice' }],
      ['key-2', undefined],
      ['key-3', { path: undefined, comment: 'key-3' }],
    ]);
  });

  it('are not known where they cannot be looked for', async () => {
    const { world } = secretOf(line(one));
    world.identities.list = async () => {
      throw failure('AGENT_SILENT', { message: 'm' });
    };
    const { keys } = await listKeysHere('dev', world, NEVER);
    expect(keys).toEqual([expect.not.objectContaining({ here: expect.anything() })]);
  });
});

describe('adding keys', () => {
  it('appends what is new and tells it', async () => {
    const { world, state } = secretOf(line(one));
    const { workspace, keys } = await addKeys('dev', [line(two)], world, NEVER);
    expect([workspace, keys.map(({ comment }) => comment)]).toEqual(['dev', ['key-2']]);
    expect(state.text).toBe(`${line(one)}\n${line(two)}\n`);
  });

  it('writes nothing for a key that is there, whatever its comment', async () => {
    const { world, state } = secretOf(`${line(one)}\n`);
    const added = await addKeys('dev', [`${one.type} ${one.blob} another-name`], world, NEVER);
    expect(added.keys).toEqual([]);
    expect(state.writes).toBe(0);
  });

  it('writes a key once that was given twice', async () => {
    const { world, state } = secretOf(undefined);
    expect((await addKeys('dev', [line(one), line(one)], world, NEVER)).keys).toHaveLength(1);
    expect(state.text).toBe(`${line(one)}\n`);
  });

  it('reads again when somebody else was faster, and keeps their change', async () => {
    const { world, state } = secretOf(`${line(one)}\n`, { rivals: [(text) => `${text}${line(three)}\n`] });
    await addKeys('dev', [line(two)], world, NEVER);
    expect(state.text).toBe(`${line(one)}\n${line(three)}\n${line(two)}\n`);
  });

  it('gives up when somebody changes it every time', async () => {
    const rivals = Array.from({ length: 9 }, (_, index) => (text: string) => `${text}# ${index}\n`);
    const { world } = secretOf('', { rivals });
    await expect(addKeys('dev', [line(two)], world, NEVER)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
    expect(rivals).toHaveLength(4);
  });
});

describe('removing a key', () => {
  const both = `# team\n${line(one)}\n${line(two)}\n`;

  it.each([
    ['fingerprint', two.fingerprint],
    ['comment', 'key-2'],
  ])('finds it by its %s and leaves the rest as it was', async (_by, wanted) => {
    const { world, state } = secretOf(both);
    expect((await remove(wanted, world)).map(({ comment }) => comment)).toEqual(['key-2']);
    expect(state.text).toBe(`# team\n${line(one)}\n`);
  });

  it('takes every line of it', async () => {
    const { world, state } = secretOf(`${both}${line(two, 'no-pty ')}\n`);
    expect(await remove(two.fingerprint, world)).toHaveLength(1);
    expect(state.text).toBe(`# team\n${line(one)}\n`);
  });

  it('refuses one that is not there, and an empty name, which keys without a comment have', async () => {
    const { world } = secretOf(`${both}${three.type} ${three.blob}\n`);
    for (const wanted of ['nobody', ''])
      await expect(remove(wanted, world)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
  });

  it('refuses a comment that several keys have, with their fingerprints', async () => {
    const same = { ...two, comment: one.comment };
    const { world, state } = secretOf(`${line(one)}\n${line(same)}\n${line(three)}\n`);
    await expect(remove(one.comment, world)).rejects.toMatchObject({
      code: 'BAD_VALUE',
      message: '2 keys have the comment "key-1"',
      reason: expect.stringContaining(`${one.fingerprint}, ${two.fingerprint}`),
      suggestions: [one, two].map(({ fingerprint }) => saying(`ws keys rm dev ${fingerprint}`)),
    });
    expect(state.writes).toBe(0);
  });

  it('takes the key that a file or its own text names, if nothing has that comment', async () => {
    const find = (blobs: string[] | undefined) => (world: ReturnType<typeof secretOf>['world'], word: string) =>
      getDoomedKey('dev', { word, findBlobs: () => blobs }, world, NEVER);
    const { world } = secretOf(`${both}${line(three)}\n`);
    expect(await find([two.blob])(world, 'two.pub')).toMatchObject({ key: { fingerprint: two.fingerprint } });
    expect(await find([three.blob])(world, two.comment)).toMatchObject({ key: { fingerprint: two.fingerprint } });
    await expect(find(['AAAA'])(world, 'other.pub')).rejects.toMatchObject({
      code: 'KEY_NOT_FOUND',
      message: 'No key in "other.pub" opens workspace dev',
      suggestions: [saying('ws keys ls dev')],
    });
    await expect(find([one.blob, three.blob, 'AAAA'])(world, 'all.pub')).rejects.toMatchObject({
      code: 'BAD_VALUE',
      message: '2 keys are in "all.pub"',
      suggestions: [one, three].map(({ fingerprint }) => saying(`ws keys rm dev ${fingerprint}`)),
    });
    await expect(find(undefined)(world, 'gone.pub')).rejects.toMatchObject({
      message: 'No authorized key has the fingerprint or comment "gone.pub"',
      reason: 'No file here has that name either',
    });
  });

  it("tells whether it is this machine's own, and its last one there", async () => {
    const doomed = async (own: (typeof one)[], key: typeof one) =>
      (await getDoomedKey('dev', { word: key.fingerprint }, secretOf(both, { own }).world, NEVER)).own;
    expect(await doomed([one], one)).toBe('last');
    expect(await doomed([one, three], one)).toBe('last');
    expect(await doomed([one, two], one)).toBe('one');
    expect(await doomed([one], two)).toBe('no');
  });

  it('tells what this machine calls it, where that is another name', async () => {
    const nameOf = async (own: (typeof one)[]) =>
      (await getDoomedKey('dev', { word: one.fingerprint }, secretOf(both, { own }).world, NEVER)).nameHere;
    expect(await nameOf([{ ...one, comment: 'ana@laptop' }])).toBe('ana@laptop');
    expect(await nameOf([one])).toBeUndefined();
    expect(await nameOf([two])).toBeUndefined();
  });

  it('knows a key by the comment that it has here, where it has another one there, or none', async () => {
    const mine = { ...two, comment: 'terminal@laptop' };
    const own = [mine, { ...three, comment: 'terminal@laptop' }];
    for (const lines of [both, `${line(one)}\n${two.type} ${two.blob}\n`]) {
      const { world } = secretOf(lines, { own });
      expect(await remove('terminal@laptop', world)).toMatchObject([{ blob: two.blob }]);
    }
    const several = secretOf(`${both}${line(three)}\n`, { own });
    await expect(remove('terminal@laptop', several.world)).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect(several.state.writes).toBe(0);
  });

  it('knows a comment of several words whose first one was taken for the workspace', async () => {
    const { world } = secretOf(`${both}${three.type} ${three.blob} dev laptop\n`);
    await expect(getDoomedKey('dev', { word: 'laptop' }, world, NEVER)).rejects.toMatchObject({
      code: 'KEY_NOT_FOUND',
      suggestions: [saying("ws keys rm dev 'dev laptop'"), saying('ws keys ls dev')],
    });
  });

  it.each([
    ['comments', '# more\n'],
    ['a key with an option that the server does not know', `${line(two, 'from="10.0.0.0/8" ')}\n`],
    ['a key that the server does not read', `${line(two).replace(' ', '\t')}\n`],
  ])('refuses the last one that opens it, though %s would be left', async (_what, rest) => {
    const { world, state } = secretOf(`${line(one)}\n${rest}`);
    await expect(remove(one.fingerprint, world)).rejects.toMatchObject({
      code: 'BAD_VALUE',
      message: expect.stringMatching(/last key/),
    });
    expect(state.writes).toBe(0);
  });

  it('refuses what became the last one while it was read', async () => {
    const { world, state } = secretOf(both, { rivals: [() => `${line(two)}\n`] });
    await expect(remove('key-2', world)).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect(state.text).toBe(`${line(two)}\n`);
  });

  it('is done when somebody else was faster', async () => {
    const { world, state } = secretOf(both, { rivals: [() => `${line(one)}\n`] });
    expect(await remove('key-2', world)).toEqual([]);
    expect(state.text).toBe(`${line(one)}\n`);
  });
});

describe('what later writes of the release are told', () => {
  it('of a key that was added, removed and added again with a restriction', async () => {
    const { world, state } = secretOf(`${line(one)}\n`);
    await addKeys('dev', [line(two)], world, NEVER);
    expect(state.changes).toBe(`+ ${line(two)}\n`);
    await remove('key-2', world);
    expect(state.changes).toBe(`- ${toKeyHash(two.blob)}\n`);
    await addKeys('dev', [line(two, 'no-pty ')], world, NEVER);
    expect(state.changes).toBe(`+ ${line(two, 'no-pty ')}\n`);
    await remove('key-1', world);
    expect(state.changes).toBe(`+ ${line(two, 'no-pty ')}\n- ${toKeyHash(one.blob)}\n`);
  });
});

describe('keys whose truth is elsewhere', () => {
  it.each<[string, Prepared, RegExp]>([
    ['a Secret of somebody else', { labels: {}, annotations: {} }, /existingAuthorizedKeysSecret/],
    [
      "another chart's Secret",
      { labels: { ...LABELS, 'app.kubernetes.io/name': 'other' } },
      /existingAuthorizedKeysSecret/,
    ],
    [
      'Flux',
      { labels: { ...LABELS, ...OF_HELM, 'helm.toolkit.fluxcd.io/name': 'ws-dev' } },
      /Flux's HelmRelease ws-dev/,
    ],
    [
      'Argo CD',
      {
        labels: { ...LABELS, ...OF_HELM },
        annotations: { 'argocd.argoproj.io/tracking-id': 'workspaces:/Secret:team/ws-dev-authorized-keys' },
      },
      /Argo CD's application workspaces applies/,
    ],
    ['another manager', { labels: { ...LABELS, 'app.kubernetes.io/managed-by': 'Kustomize' } }, /Kustomize applies/],
    ['a chart that was only rendered', { annotations: {} }, /without Helm/],
  ])('%s: neither added nor removed', async (_truth, options, reason) => {
    const { world, state } = secretOf(`${line(one)}\n${line(two)}\n`, options);
    const expected = { code: 'RELEASE_FOREIGN', reason: expect.stringMatching(reason) };
    await expect(addKeys('dev', [line(three)], world, NEVER)).rejects.toMatchObject(expected);
    await expect(remove('key-2', world)).rejects.toMatchObject(expected);
    expect(await listKeys('dev', world, NEVER)).toHaveLength(2);
    expect(state.writes).toBe(0);
  });
});
