/** What `ws` keeps on the laptop has an end, however often it is used: ten thousand of each. */
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnownHosts } from '../../../src/adapters/files/known-hosts.ts';
import { openRecentLogins } from '../../../src/adapters/files/recent-logins.ts';
import { replaceFile } from '../../../src/adapters/files/replace-file.ts';
import { openSettings } from '../../../src/adapters/files/settings-store.ts';
import { claimSocket } from '../../../src/adapters/held-connection/claim-socket.ts';
import { writeBinding } from '../../../src/cli/here/bind-folder.ts';
import { SERVER_MEMORY } from '../../../src/cli/wiring/server-memory.ts';
import type { Settings, SettingsStore } from '../../../src/workspace/choices/settings.ts';
import { forgetOldest, replaceKeys } from '../../../src/workspace/ssh-config/known-hosts-file.ts';

const MANY = 10_000;
const numbers = Array.from({ length: MANY }, (_, n) => n);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-bounds-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A key of its own for each number. */
function toKey(n: number) {
  const head = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1');
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(n);
  return { type: 'ssh-ed25519', blob: Buffer.concat([head, bytes]).toString('base64') };
}

const toLine = (n: number) => `ws-dev.team.${n} ${toKey(n).type} ${toKey(n).blob}\n`;

describe('pins', () => {
  it('are the newest two thousand, and what is no pin stays', async () => {
    const file = path.join(folder, 'known_hosts');
    const mine = '# mine\n@revoked * ssh-ed25519 AAAA\n';
    writeFileSync(file, mine + numbers.map(toLine).join(''));
    const pins = createKnownHosts(file);
    for (let n = MANY; n < MANY + 20; n += 1) await pins.pin(`ws-dev.team.${n}`, [toKey(n)]);
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith(mine)).toBe(true);
    expect(text.split('\n')).toHaveLength(2000 + 3);
    expect(await pins.find(`ws-dev.team.${MANY + 19}`)).toEqual([toKey(MANY + 19)]);
    expect(await pins.find('ws-dev.team.0')).toEqual([]);
  });

  it('are forgotten one by one: the text never has more than it had', () => {
    let text = '';
    for (const n of numbers.slice(0, 300)) {
      text = forgetOldest(replaceKeys(text, `ws-dev.team.${n}`, [toKey(n)]), 100);
      expect(text.split('\n').length - 1).toBe(Math.min(n + 1, 100));
    }
    expect(text).toBe(numbers.slice(200, 300).map(toLine).join(''));
    expect(forgetOldest(text, 100)).toBe(text);
  });
});

it('recent logins are the newest fifty', async () => {
  const file = path.join(folder, 'recent.json');
  for (const n of numbers) {
    const endpoint = { workspace: `w${n}`, namespace: 'team', pod: `ws-w${n}-1`, sshPort: 2222, user: 'me' };
    const login = { endpoint, hostKeyAlias: `ws-w${n}.team.1`, identities: ['SHA256:a'] };
    await openRecentLogins(file, 'kind', 'team').keep(
      login as Parameters<ReturnType<typeof openRecentLogins>['keep']>[0],
    );
  }
  const names = await openRecentLogins(file, 'kind', 'team').list();
  expect(names).toEqual(
    numbers
      .slice(-50)
      .reverse()
      .map((n) => `w${n}`),
  );
  expect(statSync(file).size).toBeLessThan(50 * 1024);
  expect(readdirSync(folder)).toEqual(['recent.json']);
});

describe('settings', () => {
  /** Without a disk, which would take most of the time. */
  function keepInMemory(): SettingsStore & { settings: Settings } {
    const store = {
      ...{ path: '', setAside: undefined, settings: {} as Settings },
      read: () => store.settings,
      async update(change: (settings: Settings) => Settings) {
        store.settings = JSON.parse(JSON.stringify(change(store.settings))) as Settings;
      },
    };
    return store;
  }

  it('of folders are a thousand: those that are gone leave first, then the oldest', async () => {
    const store = keepInMemory();
    const there = path.join(folder, 'there');
    mkdirSync(there);
    await writeBinding(store, there, { workspace: 'dev' });
    for (const n of numbers.slice(0, 3000)) {
      await writeBinding(store, `/gone/${n}`, { workspace: 'dev' });
      expect(Object.keys(store.settings.directories ?? {}).length).toBeLessThanOrEqual(1000);
    }
    const kept = Object.keys(store.settings.directories ?? {});
    expect([kept[0], kept.at(-1)]).toEqual([there, '/gone/2999']);
  });

  it('of ten thousand folders that are all there are those of the newest thousand', async () => {
    const folders = numbers.map((n) => path.join(folder, String(n)));
    for (const each of folders) mkdirSync(each);
    const store = keepInMemory();
    store.settings.directories = Object.fromEntries(folders.map((each) => [each, { workspace: 'dev' }]));
    await writeBinding(store, '/new', { workspace: 'dev' });
    expect(Object.keys(store.settings.directories)).toEqual([...folders.slice(-999), '/new']);
  });

  it('that are damaged again and again leave the newest ten to look at', () => {
    const toName = (n: number) => `config.json.damaged-${new Date(n * 1000).toISOString().replaceAll(':', '-')}`;
    for (const n of numbers) writeFileSync(path.join(folder, toName(n)), '{');
    for (const n of [MANY, MANY + 1]) {
      writeFileSync(path.join(folder, 'config.json'), '{');
      expect(openSettings(folder, n * 1000).setAside?.movedTo).toBe(path.join(folder, toName(n)));
    }
    const newest = Array.from({ length: 10 }, (_, n) => toName(MANY - 8 + n));
    expect(
      readdirSync(folder)
        .filter((name) => name.includes('.damaged-'))
        .toSorted(),
    ).toEqual(newest);
  });
});

it('files of writers that were killed go with the next write, and no others', async () => {
  const target = path.join(folder, 'recent.json');
  const [old, young, other] = [1, 2, 3].map((n) => path.join(folder, `recent.json.${n}.abc.tmp`)) as [
    string,
    string,
    string,
  ];
  for (const n of numbers) closeSync(openSync(`${target}.${n}.x${n}.tmp`, 'w'));
  for (const name of readdirSync(folder)) utimesSync(path.join(folder, name), 0, 0);
  for (const file of [old, young, `${target}.own.tmp`]) writeFileSync(file, '');
  utimesSync(old, 0, 0);
  utimesSync(`${target}.own.tmp`, 0, 0);
  await replaceFile(target, Buffer.from('{}'), { isDurable: false });
  expect(readdirSync(folder).toSorted()).toEqual(
    ['recent.json', path.basename(young), 'recent.json.own.tmp'].toSorted(),
  );
  expect(existsSync(other)).toBe(false);
});

it('sockets that dead holders left go with the next holder, also those that never got their name', async () => {
  const dead = path.join(folder, 'dead.sock');
  const left = createServer().listen(path.join(folder, 'left'));
  await new Promise((resolve) => left.once('listening', resolve));
  linkSync(path.join(folder, 'left'), dead);
  await new Promise((resolve) => left.close(resolve));
  for (const n of numbers) linkSync(dead, path.join(folder, `${n}.sock`));
  for (const n of numbers.slice(0, 100)) linkSync(dead, path.join(folder, `.first${String(n).padStart(3, '0')}`));
  utimesSync(dead, 0, 0);
  const claimed = await claimSocket(path.join(folder, 'own.sock'), (socket) => socket.destroy());
  expect(readdirSync(folder)).toEqual(['own.sock']);
  claimed?.close();
  expect(readdirSync(folder)).toEqual([]);
});

it('marks of API servers that answered are those of the last minutes', async () => {
  const before = process.env['WS_CONFIG_DIR'];
  process.env['WS_CONFIG_DIR'] = folder;
  try {
    const marks = path.join(folder, 'answered');
    mkdirSync(marks);
    for (const n of numbers) {
      closeSync(openSync(path.join(marks, String(n)), 'w'));
      utimesSync(path.join(marks, String(n)), 0, 0);
    }
    SERVER_MEMORY.noteAnswer(new URL('https://cluster.test:6443'));
    await expect.poll(() => readdirSync(marks).length).toBe(1);
  } finally {
    if (before === undefined) delete process.env['WS_CONFIG_DIR'];
    else process.env['WS_CONFIG_DIR'] = before;
  }
});
