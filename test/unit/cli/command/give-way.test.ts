import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeCommand } from './make-command.ts';

afterEach(() => vi.unstubAllEnvs());

type Parts = { flags: Record<string, unknown> };

/** What the flags of a line come to in this environment. */
async function read(environment: Record<string, string>, ...words: string[]) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { flags } = (await makeCommand('up', ['y', ...words])) as unknown as Parts;
  return { home: flags['home'], storageClass: flags['storage-class'], size: flags['size'] };
}

describe('a variable gives way to a flag that excludes it', () => {
  it.each<[Record<string, string>, string[], object]>([
    [{ WS_STORAGE_CLASS: 'fast' }, ['--home', 'data'], { home: 'data' }],
    [{ WS_HOME_CLAIM: 'data' }, ['--storage-class', 'fast'], { storageClass: 'fast' }],
    [{ WS_SIZE: '5Gi' }, ['--home', 'data'], { home: 'data' }],
    [{ WS_HOME_CLAIM: 'data' }, ['--size', '5Gi'], { size: '5Gi' }],
    [{ WS_SIZE: '5Gi' }, ['--storage-class', 'none'], { storageClass: 'none' }],
    [{ WS_STORAGE_CLASS: 'none' }, ['--size', '5Gi'], { size: '5Gi' }],
    [{ WS_STORAGE_CLASS: 'fast' }, ['--size', '5Gi'], { size: '5Gi', storageClass: 'fast' }],
    [{ WS_STORAGE_CLASS: 'fast' }, ['--storage-class', 'slow'], { storageClass: 'slow' }],
  ])('%o with %j', async (environment, words, expected) => {
    const found = await read(environment, ...words);
    expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
  });

  it('though two that are typed, or two variables, are still refused', async () => {
    const refused = { code: 'CONFLICTING_FLAGS' };
    await expect(read({}, '--home', 'data', '--storage-class', 'fast')).rejects.toMatchObject(refused);
    await expect(read({ WS_HOME_CLAIM: 'data', WS_STORAGE_CLASS: 'fast' })).rejects.toMatchObject(refused);
  });
});
