/** The variables that extraEnv may not set: those that somebody else sets, and those that the server obeys. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ENVIRONMENT } from '../../../src/contract/environment.ts';
import { environmentOf, HELMS, ROOT, render } from '../helm.ts';

const read = (...parts: string[]) => readFileSync(path.join(ROOT, ...parts), 'utf8');
const template = read('chart/templates/_environment.tpl');
const page = read('docs/operators-reference.md');

/** By owner: the pattern of its names, and what the chart says. */
const OWNED = [...template.matchAll(/"names" `(.*)`\n {4}"why" "(.*)"/g)].map(([, names = '', why = '']) => ({
  names,
  why,
}));
const OF_CERTIFICATES = "extraCaCertificates sets it to the system's certificates and yours; keep one of the two";
const CERTIFICATES = /^SSL_CERT_FILE\|.*$/m.exec(template)?.[0].split('|') ?? [];

const findOwner = (name: string) => OWNED.find(({ names }) => new RegExp(`^(?:${names})$`).test(name));
const isOwned = (name: string) => findOwner(name) !== undefined;

/** Names that Dropbear gives each session (`addnewvar` in its src/svr-chansession.c and src/svr-agentfwd.c). */
const OF_DROPBEAR = ['USER', 'LOGNAME', 'HOME', 'SHELL', 'PATH', 'TERM', 'SSH_TTY', 'SSH_CONNECTION', 'SSH_CLIENT'];

/** What changes how Node, the loader or OpenSSL run the server. */
const OF_THE_SERVER = [
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_COMPILE_CACHE', 'NODE_CHANNEL_FD', 'NODE_UNIQUE_ID', 'NODE_DEBUG'],
  ...[
    'OPENSSL_CONF',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'GCONV_PATH',
    'GLIBC_TUNABLES',
    'TINI_SUBREAPER',
    'UV_THREADPOOL_SIZE',
  ],
];

/** What sessions may well be given. */
const FREE = [
  'EDITOR',
  'TZ',
  'LANG',
  'LC_ALL',
  'HTTPS_PROXY',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
  'TMPDIR',
  'BASH_ENV',
  'TMUX_TMPDIR',
];

describe('the table knows what', () => {
  test('the server reads, and what it gives a session that comes back', () => {
    const login = /const login = \{(?<names>.*)\}/.exec(read('src/supervisor/boot.ts'))?.groups?.['names'] ?? '';
    const names = [...login.matchAll(/\b([A-Z]+):/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(3);
    expect([...Object.values(ENVIRONMENT), ...names].filter((name) => !isOwned(name))).toEqual([]);
  });

  test('Dropbear sets, also by our patch', () => {
    const patched = [...read('image/dropbear/sessions.patch').matchAll(/^\+.*addnewvar\("(\w+)"/gm)].map(
      ([, name = '']) => name,
    );
    expect(patched).toContain('COLORTERM');
    expect([...OF_DROPBEAR, ...patched].filter((name) => !isOwned(name))).toEqual([]);
  });

  test("the image's shell scripts set", () => {
    const folder = 'image/root/etc/ws';
    const names = readdirSync(path.join(ROOT, folder)).flatMap((file) =>
      [...read(folder, file).matchAll(/^ *(?:export )?([A-Za-z_]+)=/gm)].map(([, name = '']) => name),
    );
    expect(names).toContain('HOMEBREW_PREFIX');
    expect(names.filter((name) => !isOwned(name))).toEqual([]);
  });

  test('certificates are told by', () => {
    const [, list = ''] = /const VARIABLES = \[([^\]]*)\]/.exec(read('src/supervisor/runtime/certificates.ts')) ?? [];
    expect(CERTIFICATES).toEqual([...list.matchAll(/'(\w+)'/g)].map(([, name]) => name));
  });

  test('the server obeys, and leaves free what is for sessions', () => {
    expect(OF_THE_SERVER.filter((name) => !isOwned(name))).toEqual([]);
    expect([...FREE, ...CERTIFICATES].filter(isOwned)).toEqual([]);
  });

  test('the reference says', () => {
    const item = /^- \*\*`extraEnv`\*\*[\s\S]*?(?=\n- \*\*|\n\n)/m.exec(page)?.[0] ?? '';
    const named = [...item.matchAll(/`([A-Z_]+)\*?`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !FREE.includes(name));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !isOwned(name) && !isOwned(`${name}X`) && !CERTIFICATES.includes(name))).toEqual([]);
  });
});

test('names that no owner has reach the server and the sessions', async () => {
  const extraEnv = FREE.map((name) => ({ name, value: 'x' }));
  expect(environmentOf(await render({ extraEnv }))).toMatchObject({
    WS_SESSION_ENVIRONMENT: FREE.join(','),
    TZ: 'x',
  });
});

describe.each(HELMS)('%s refuses', (helm) => {
  const refuse = async (name: string, values: object = {}) => {
    const why = findOwner(name)?.why ?? OF_CERTIFICATES;
    const sentence = `extraEnv "${name}"${why.startsWith('would') ? '' : ':'} ${why}`;
    await expect(render({ extraEnv: [{ name, value: '/x' }], ...values }, { helm })).rejects.toThrow(
      new RegExp(`execution error at .*: ${sentence.replaceAll(/\W/g, '\\$&')}`),
    );
  };

  test.each([
    ...OF_DROPBEAR,
    'COLORTERM',
    'WS_USER',
    'ws_renew',
    'HOMEBREW_PREFIX',
    'TMUX',
    'SHLVL',
    'SHELLOPTS',
    ...OF_THE_SERVER,
  ])('%s in extraEnv, with a sentence', (name) => refuse(name));

  test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('%s beside extra certificates alone', async (name) => {
    await refuse(name, { extraCaCertificates: { existingConfigMap: 'company-ca' } });
    expect(await render({ extraEnv: [{ name, value: '/x' }] }, { helm })).not.toHaveLength(0);
  });
});
