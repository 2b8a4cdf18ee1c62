import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openRecentLogins } from '../../src/adapters/files/recent-logins.ts';
import { openSettings } from '../../src/adapters/files/settings-store.ts';
import { parseKubeconfig } from '../../src/adapters/kubernetes/kubeconfig/entries.ts';
import { loadAccess } from '../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { type AuthorizedKey, isOpening, readAuthorizedKeys } from '../../src/contract/keys/authorized-keys.ts';
import { parseHostKey } from '../../src/contract/keys/host-key.ts';
import { toWire } from '../../src/contract/keys/wire.ts';
import { WorkspaceError } from '../../src/workspace/errors/errors.ts';
import { isPrintable } from '../../src/workspace/errors/printable.ts';
import { listAuthorizedBlobs } from '../../src/workspace/keys/identities.ts';
import { readPrivateKeyHead } from '../../src/workspace/keys/private-key.ts';
import { formatAuthorizedKey, parseAuthorizedKeys } from '../../src/workspace/keys/public-key.ts';
import { findKeys, replaceKeys } from '../../src/workspace/ssh-config/known-hosts-file.ts';
import {
  addInclude,
  hasInclude,
  removeInclude,
  toIncludeLine,
} from '../../src/workspace/ssh-config/ssh-config-include.ts';
import { toConfigArgument, toProxyCommand } from '../../src/workspace/ssh-config/ssh-config-words.ts';
import { withoutPins, withPins } from '../../src/workspace/ssh-config/users-pins.ts';
import { hostileText, property } from './property.ts';

const ed25519 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((point) => ({ type: 'ssh-ed25519', blob: toWire('ssh-ed25519', Buffer.from(point)).toString('base64') }));

/** A file of lines, good and hostile, with all kinds of line ends. */
const lines = (line: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(fc.oneof(line, hostileText), fc.constantFrom('\n', '\r\n', '\n\n', '')), { maxLength: 6 })
    .map((parts) => parts.flat().join(''));

describe('known_hosts', () => {
  const name = fc.constantFrom('ws-dev.team.uid', 'github.com', '[::1]:2222', 'Host.Example');
  const hosts = fc.oneof(
    name,
    hostileText,
    fc.tuple(name, hostileText).map((both) => both.join(',')),
    name.map((one) => `|1|c2FsdA==|${createHmac('sha1', 'salt').update(one.toLowerCase()).digest('base64')}`),
    fc.constantFrom('*', '!*', '*a*a*a*a*a*a*b', 'ws-*,!ws-dev*', '|1||', '|2|a|b'),
  );
  const line = fc
    .tuple(fc.constantFrom('', '@revoked ', '@cert-authority ', '@x '), hosts, ed25519, hostileText)
    .map(([marker, names, { type, blob }, rest]) => `${marker}${names} ${type} ${blob} ${rest}`);

  property('is looked up', fc.record({ text: lines(line), name }), ({ text, name: wanted }) => {
    for (const { type, blob } of findKeys(text, wanted)) {
      expect(type).toMatch(/^[\w.@-]+$/);
      expect(blob).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    }
  });

  property(
    'has a key after it was written, once, and all that others have',
    fc.record({ text: lines(line), name, key: ed25519 }),
    ({ text, name: wanted, key }) => {
      const after = replaceKeys(text, wanted, [key]);
      const isRevoked = /@revoked/.test(text);
      const isExcepted = text.includes('!');
      if (!isRevoked) expect(findKeys(after, wanted).map(({ blob }) => blob)).toContain(key.blob);
      expect(replaceKeys(after, wanted, [key])).toBe(after);
      for (const kept of text.split('\n').filter((one) => /^\s*#/.test(one))) expect(after).toContain(kept);
      if (!isRevoked && !isExcepted)
        expect(findKeys(replaceKeys(after, wanted, []), 'other.example')).toEqual(findKeys(text, 'other.example'));
    },
  );

  property(
    'takes no name and no key that is not one word',
    fc.record({ name: hostileText, type: hostileText, blob: hostileText, key: ed25519 }),
    ({ name: wanted, type, blob, key }) => {
      const attempts = [
        () => replaceKeys('', wanted, [key]),
        () => replaceKeys('', 'good', [{ type, blob }]),
        () => withPins('', [{ name: wanted, hostKeyAlias: 'a', hostKeys: [key] }]),
      ];
      for (const write of attempts) {
        try {
          expect(write()).toMatch(/^(?:\S+ ssh-ed25519 [A-Za-z0-9+/=]+\n)*$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_VALUE' });
        }
      }
    },
  );

  property('is as it was when pins came and went', fc.record({ text: lines(line), key: ed25519 }), ({ text, key }) => {
    const pin = { name: 'ws-new', hostKeyAlias: 'ws-new.a.b', hostKeys: [key] };
    if (text.includes('ws-new') || /[*?|]/.test(text)) return;
    const gone = withoutPins(withPins(text, [pin]), [pin]);
    expect(gone.replace(/\n$/, '')).toBe(text.replace(/\n$/, ''));
  });
});

describe('keys', () => {
  const options = fc.oneof(
    fc.constantFrom('', 'restrict ', 'no-pty,command="ls -l" ', 'from="1.2.3.4" ', 'command="a\\"b" '),
    hostileText,
  );
  const keyLine = fc
    .tuple(options, ed25519, hostileText)
    .map(([before, { type, blob }, comment]) => `${before}${type} ${blob} ${comment}`);

  property(
    'of authorized_keys are read, or refused with the line, and are the same when written',
    lines(keyLine),
    (text) => {
      expect([...listAuthorizedBlobs(text)].every((blob) => /^[A-Za-z0-9+/=]+$/.test(blob))).toBe(true);
      try {
        const keys = parseAuthorizedKeys(text, 'it');
        const written = keys.map(formatAuthorizedKey);
        for (const one of written) expect(isPrintable(one)).toBe(true);
        expect(parseAuthorizedKeys(written.join('\n'), 'it')).toEqual(keys);
        // What is let in is what the server takes.
        expect(readAuthorizedKeys(written.join('\n')).filter(isOpening)).toHaveLength(keys.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_PUBLIC_KEY' });
      }
    },
  );

  property('of a mounted Secret are counted, whatever it holds', lines(keyLine), (text) => {
    const found = readAuthorizedKeys(text);
    expect(found.map((line) => line.text).join('')).toBe(text.replaceAll(/[\r\n]/g, ''));
    for (const { key } of found.filter(isOpening))
      expect(isPrintable(formatAuthorizedKey(key as AuthorizedKey))).toBe(true);
  });

  const armor = (label: string) =>
    fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`);
  const openSsh = fc.tuple(ed25519, hostileText, hostileText, fc.nat(300)).map(([{ blob }, cipher, secret, cut]) => {
    const bytes = Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      toWire(cipher, 'none', '', 1, Buffer.from(blob, 'base64'), secret),
    ]);
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.subarray(0, bytes.length - (cut > 200 ? cut - 200 : 0)).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
  });
  const putty = fc
    .tuple(hostileText, ed25519, fc.integer())
    .map(
      ([comment, { blob }, count]) =>
        `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ${comment}\nPublic-Lines: ${count}\n${blob}\n`,
    );
  const privateKey = fc.oneof(
    hostileText,
    openSsh,
    putty,
    armor('OPENSSH PRIVATE KEY'),
    armor('PRIVATE KEY'),
    armor('RSA PRIVATE KEY'),
    armor('EC PRIVATE KEY'),
    armor('ENCRYPTED PRIVATE KEY'),
  );

  property('of private files show their public half, or nothing', privateKey, (text) => {
    const head = readPrivateKeyHead(text);
    if (head === undefined) return;
    if (head.publicKey !== undefined) expect(head.publicKey.blob).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(isPrintable(head.comment)).toBe(true);
  });

  const dropbear = fc
    .tuple(hostileText, fc.uint8Array({ maxLength: 80 }))
    .map(([type, rest]) => Buffer.concat([toWire(type), Buffer.from(rest)]));
  const wireType = fc.oneof(hostileText, fc.constantFrom('ssh-ed25519', 'x\nHost *', 'a b')).map((type) => {
    const bytes = Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      toWire('none', 'none', '', 1, toWire(type, 'x'), 'secret'),
    ]);
    return Buffer.from(
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    );
  });
  property(
    'of hosts are one word each, or an error with one sentence that quotes nothing of them',
    fc.oneof(
      dropbear,
      wireType,
      fc
        .oneof(
          privateKey,
          hostileText.map((text) => `-----BEGIN ${text}canary`),
        )
        .map((text) => Buffer.from(text)),
    ),
    (bytes) => {
      try {
        const { type, blob } = parseHostKey(bytes);
        expect(type).toMatch(/^[\w.@-]+$/);
        expect(blob).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(error).not.toBeInstanceOf(RangeError);
        expect(isPrintable((error as Error).message)).toBe(true);
        expect((error as Error).message).not.toContain('canary');
      }
    },
  );
});

describe('the ssh configuration', () => {
  const ownFile = fc.oneof(
    fc.constantFrom('/home/me/.config/ws/ssh_config', '/home/A B/ws/ssh_config', '/x/[a]*?/c'),
    hostileText.map((text) => `/${text}`),
  );

  property(
    'of the user is as it was when the line came and went',
    fc.record({ text: lines(fc.constantFrom('Host box', '  User me', 'Include other', '# ws', 'Match all')), ownFile }),
    ({ text, ownFile: file }) => {
      const before = Buffer.from(text, 'utf8').toString('latin1');
      let line: string;
      try {
        line = toIncludeLine(file, 'linux');
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_VALUE' });
        return;
      }
      const after = addInclude(before, line);
      expect(hasInclude(after, line)).toBe(true);
      expect(addInclude(after, line)).toBe(after);
      if (!hasInclude(before, line) && !before.includes(line)) expect(removeInclude(after, line)).toBe(before);
    },
  );

  property('gets words of one line, or none', fc.array(hostileText, { maxLength: 5 }), (words) => {
    for (const platform of ['linux', 'win32'] as const)
      for (const write of [
        () => toProxyCommand(words, platform),
        () => words.map((word) => toConfigArgument(word, platform)).join(' '),
      ]) {
        try {
          expect(isPrintable(write())).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_VALUE' });
        }
      }
  });
});

describe('files of the user', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ws-files-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const json = fc.oneof(
    hostileText,
    fc.json(),
    fc.anything().map((value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? 1 : one)) ?? ''),
  );
  const endpoint = fc.record({
    pod: fc.oneof(fc.constant('ws-dev-1'), hostileText),
    sshPort: fc.oneof(fc.constant(2222), fc.anything()),
    user: fc.oneof(fc.constant('alice'), hostileText),
    workspace: fc.oneof(fc.constant('dev'), fc.anything()),
    namespace: fc.constant('team'),
    hostKeySecret: fc.oneof(fc.constant('s'), fc.anything()),
    authorizedKeysSecret: fc.oneof(fc.constant('s'), fc.anything()),
  });
  const entry = fc.record({
    context: fc.constant('work'),
    hostKeyAlias: fc.oneof(fc.constant('a.b'), hostileText),
    identities: fc.oneof(fc.constant(['SHA256:x']), fc.anything()),
    endpoint,
  });
  const recent = fc.oneof(
    json,
    fc
      .array(fc.oneof(entry, fc.anything()), { maxLength: 4 })
      .map((value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? 1 : one)) ?? ''),
  );

  property('of recent logins hold logins, or nothing', recent, async (text) => {
    const file = path.join(folder, 'recent.json');
    writeFileSync(file, text);
    const logins = openRecentLogins(file, 'work', 'team');
    for (const name of await logins.list()) expect(typeof name).toBe('string');
    const found = await logins.find('dev');
    if (found === undefined) return;
    expect(found.endpoint.user).toMatch(/^[a-z_][a-z0-9_-]{0,31}$/);
    expect(found.endpoint.pod).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
    expect(found.endpoint.sshPort > 0 && found.endpoint.sshPort < 65_536).toBe(true);
    expect(isPrintable(found.hostKeyAlias)).toBe(true);
    for (const identity of found.identities) expect(typeof identity).toBe('string');
  });

  property(
    'of settings are settings, or set aside',
    json,
    async (text) => {
      const own = mkdtempSync(path.join(folder, 's-'));
      writeFileSync(path.join(own, 'config.json'), text);
      const store = openSettings(own, 0);
      for (const value of Object.values(store.read().directories ?? {})) expect(typeof value).toBe('string');
      await store.update((all) => ({ ...all, user: 'alice' }));
      expect(store.read().user).toBe('alice');
      rmSync(own, { recursive: true });
    },
    8,
  );

  const word = fc.oneof(hostileText, fc.constantFrom('work', 'https://10.0.0.1:6443', 'Y2E=', 'true'));
  const member = fc.oneof(
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(word, { maxLength: 2 }),
    fc.dictionary(word, word, { maxKeys: 2 }),
  );
  const entries = (list: string, key: string, ...keys: string[]) =>
    fc
      .array(fc.tuple(word, fc.record(Object.fromEntries(keys.map((one) => [one, member])), { requiredKeys: [] })), {
        maxLength: 2,
      })
      .map((found) => [list, found.map(([name, value]) => ({ name, [key]: value }))] as const);
  const kubeconfig = fc
    .tuple(
      entries(
        'clusters',
        'cluster',
        'server',
        'certificate-authority-data',
        'insecure-skip-tls-verify',
        'proxy-url',
        'extensions',
      ),
      entries('contexts', 'context', 'cluster', 'user', 'namespace'),
      entries(
        'users',
        'user',
        'token',
        'tokenFile',
        'exec',
        'auth-provider',
        'client-key-data',
        'as-groups',
        'as-user-extra',
      ),
      member,
    )
    .map(([clusters, contexts, users, current]) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': current,
        ...Object.fromEntries([clusters, contexts, users]),
      }),
    );

  property(
    'of access to clusters are read, or refused as what they are',
    fc.oneof(json, kubeconfig, hostileText),
    (text) => {
      try {
        const { currentContext, clusters, users } = parseKubeconfig(text, '/folder');
        expect(['string', 'undefined']).toContain(typeof currentContext);
        for (const { server } of clusters.values()) expect(typeof server).toBe('string');
        for (const { token } of users.values()) expect(['string', 'undefined']).toContain(typeof token);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(error).not.toBeInstanceOf(TypeError);
        expect(error).not.toBeInstanceOf(RangeError);
      }
      const file = path.join(folder, 'kubeconfig');
      writeFileSync(file, text);
      try {
        const access = loadAccess({
          kubeconfig: file,
          environment: {},
          context: undefined,
          namespace: undefined,
        } as Parameters<typeof loadAccess>[0]);
        expect(typeof access.namespace).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(WorkspaceError);
      }
    },
  );
});
