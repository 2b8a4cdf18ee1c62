import { describe, expect, it } from 'vitest';
import { AUTHORIZED_KEYS_FILE } from '../../../src/contract/paths.ts';
import { addKeys, listKeys, removeKeys } from '../../../src/operations/authorized-keys.ts';
import { failure } from '../../../src/workspace/errors.ts';
import { snapshot } from '../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from './fake-world.ts';

const [one, two, three] = [1, 2, 3].map((seed) => makeIdentity(seed)) as [
  ReturnType<typeof makeIdentity>,
  ReturnType<typeof makeIdentity>,
  ReturnType<typeof makeIdentity>,
];
const line = (key: typeof one, before = '') => `${before}${key.type} ${key.blob} ${key.comment}`;

/** A Secret that refuses a change made from an old reading, as the API server does. `rivals` change it before a write. */
function secretOf(text: string | undefined, rivals: ((text: string) => string)[] = []) {
  const state = { text, writes: 0 };
  const read = () => (state.text === undefined ? undefined : Buffer.from(state.text));
  const { world } = fakeWorld({
    cluster: {
      findWorkspace: async () => snapshot(),
      async findSecret(name) {
        expect(name).toBe('ws-dev-authorized-keys');
        const data = read();
        return data === undefined ? undefined : new Map([[AUTHORIZED_KEYS_FILE, data]]);
      },
      async updateSecret(_name, key, expected, value) {
        expect(key).toBe(AUTHORIZED_KEYS_FILE);
        const rival = rivals.shift();
        if (rival !== undefined) state.text = rival(state.text ?? '');
        if (expected?.toString() !== state.text) throw failure('WORKSPACE_BUSY', { message: 'changed' });
        state.text = value.toString();
        state.writes += 1;
      },
    },
  });
  return { world, state };
}

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

describe('adding keys', () => {
  it('appends what is new and tells it', async () => {
    const { world, state } = secretOf(line(one));
    expect((await addKeys('dev', [line(two)], world, NEVER)).map(({ comment }) => comment)).toEqual(['key-2']);
    expect(state.text).toBe(`${line(one)}\n${line(two)}\n`);
  });

  it('writes nothing for a key that is there, whatever its comment', async () => {
    const { world, state } = secretOf(`${line(one)}\n`);
    expect(await addKeys('dev', [`${one.type} ${one.blob} another-name`], world, NEVER)).toEqual([]);
    expect(state.writes).toBe(0);
  });

  it('writes a key once that was given twice', async () => {
    const { world, state } = secretOf(undefined);
    expect(await addKeys('dev', [line(one), line(one)], world, NEVER)).toHaveLength(1);
    expect(state.text).toBe(`${line(one)}\n`);
  });

  it('reads again when somebody else was faster, and keeps their change', async () => {
    const { world, state } = secretOf(`${line(one)}\n`, [(text) => `${text}${line(three)}\n`]);
    await addKeys('dev', [line(two)], world, NEVER);
    expect(state.text).toBe(`${line(one)}\n${line(three)}\n${line(two)}\n`);
  });

  it('gives up when somebody changes it every time', async () => {
    const rivals = Array.from({ length: 9 }, (_, index) => (text: string) => `${text}# ${index}\n`);
    const { world } = secretOf('', rivals);
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
    expect((await removeKeys('dev', wanted, world, NEVER)).map(({ comment }) => comment)).toEqual(['key-2']);
    expect(state.text).toBe(`# team\n${line(one)}\n`);
  });

  it('refuses one that is not there', async () => {
    const { world } = secretOf(both);
    await expect(removeKeys('dev', 'nobody', world, NEVER)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
  });

  it('refuses the last one, though comments would be left', async () => {
    const { world, state } = secretOf(`# team\n${line(one)}\n`);
    await expect(removeKeys('dev', one.fingerprint, world, NEVER)).rejects.toMatchObject({
      code: 'BAD_VALUE',
      message: expect.stringMatching(/last key/),
    });
    expect(state.writes).toBe(0);
  });

  it('refuses what became the last one while it was read', async () => {
    const { world, state } = secretOf(both, [() => `${line(two)}\n`]);
    await expect(removeKeys('dev', 'key-2', world, NEVER)).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect(state.text).toBe(`${line(two)}\n`);
  });
});
