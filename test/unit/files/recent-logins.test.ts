import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecentLogins } from '../../../src/adapters/files/recent-logins.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-recent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => path.join(folder, 'config', 'recent.json');
const open = (context = 'kind', namespace = 'team') => openRecentLogins(file(), context, namespace);

function login(workspace: string, pod = `ws-${workspace}-1`, identities = ['SHA256:a']) {
  const endpoint = {
    workspace,
    namespace: 'team',
    pod,
    sshPort: 2222,
    user: 'alice',
    hostKeySecret: 'key',
    authorizedKeysSecret: 'keys',
  };
  return { endpoint, hostKeyAlias: `ws-${workspace}.team.1`, identities };
}

describe('the last login to a workspace', () => {
  it('is remembered for its context and namespace, in a file that is its user’s alone', async () => {
    await open().keep(login('dev'));
    expect(await open().find('dev')).toMatchObject(login('dev'));
    expect(await open('other').find('dev')).toBeUndefined();
    expect(await open('kind', 'other').find('dev')).toBeUndefined();
    expect(await open().find('web')).toBeUndefined();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('is listed by name for its context and namespace, newest first', async () => {
    await open().keep(login('dev'));
    await open().keep(login('web'));
    await open('other').keep(login('far'));
    expect(await open().list()).toEqual(['web', 'dev']);
    expect(await open('kind', 'other').list()).toEqual([]);
  });

  it('is the newest one, and is not written again while it stays the same', async () => {
    await open().keep(login('dev'));
    await open().keep(login('dev', 'ws-dev-2'));
    expect((await open().find('dev'))?.endpoint.pod).toBe('ws-dev-2');
    const { mtimeMs, ino } = statSync(file());
    await open().keep(login('dev', 'ws-dev-2'));
    expect(statSync(file())).toMatchObject({ mtimeMs, ino });
  });

  it('keeps the keys that were known where none are given', async () => {
    await open().keep(login('dev'));
    await open().keep(login('dev', 'ws-dev-2', []));
    expect(await open().find('dev')).toMatchObject(login('dev', 'ws-dev-2'));
  });

  it('is forgotten when fifty others came after it', async () => {
    for (let count = 0; count <= 50; count += 1) await open().keep(login(`w${count}`));
    expect(await open().find('w0')).toBeUndefined();
    expect(await open().find('w1')).toBeDefined();
  });

  it.each(['{', '{}', '[null, 1, {"endpoint": {"pod": 1}}]'])(
    'is unknown where the file is damaged: %s',
    async (text) => {
      await open().keep(login('dev'));
      writeFileSync(file(), text);
      expect(await open().find('dev')).toBeUndefined();
      await open().keep(login('dev'));
      expect(await open().find('dev')).toBeDefined();
    },
  );

  it('is whole, whoever writes at the same time, and no draft is left', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, count) => open().keep(login(`w${count}`))));
    expect(Array.isArray(JSON.parse(readFileSync(file(), 'utf8')))).toBe(true);
    expect(readdirSync(path.dirname(file()))).toEqual(['recent.json']);
  });

  it('costs nothing but time where it cannot be written', async () => {
    writeFileSync(path.join(folder, 'config'), 'a file');
    await open().keep(login('dev'));
    expect(await open().find('dev')).toBeUndefined();
  });
});
