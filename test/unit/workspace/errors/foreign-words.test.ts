import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getSystemErrorMap } from 'node:util';
import fc from 'fast-check';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { toJsonReason } from '../../../../src/workspace/errors/foreign/text-reasons.ts';
import { toPathReason, toReason } from '../../../../src/workspace/errors/foreign/to-reason.ts';

const SOURCE = path.resolve(import.meta.dirname, '../../../../src');
const folder = mkdtempSync(path.join(tmpdir(), 'ws-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Node, OpenSSL and parsers write, and no person would. */
const FOREIGN =
  /\bE[A-Z]{3,}: |, (?:open|read|write|mkdir|scandir|stat|rename|spawn|connect)\b|errno|syscall|JSON at position|not valid JSON|\(\d+:\d+\)|deficient|OPENSSL|error:0/;

function reasonOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return toReason(error, 'file');
  }
  throw new Error('it did not fail');
}

describe('the reason of a foreign error', () => {
  it('is in our words for every code that the system has, of a file, an address and a program', () => {
    for (const subject of ['file', 'address', 'program'] as const) {
      for (const [code, words] of getSystemErrorMap().values()) {
        const error = Object.assign(new Error(`${code}: ${words}, open '/x'`), { code, syscall: 'open', path: '/x' });
        const reason = toReason(error, subject);
        expect(reason, code).not.toMatch(FOREIGN);
        expect(reason, code).not.toBe('');
      }
    }
  });

  it.each([
    ['a folder in place of a file', () => readFileSync(folder), 'it is a directory'],
    ['a file that is not there', () => readFileSync(path.join(folder, 'none')), 'it is not there'],
    ['a path through a file', () => readFileSync('/etc/passwd/x'), 'a part of its path is a file'],
    ['a name that is too long', () => readFileSync(path.join(folder, 'x'.repeat(300))), 'its path is too long'],
    ['JSON that ends', () => JSON.parse('{"a": '), 'it is not JSON: it ends in the middle'],
    ['JSON with a comma too many', () => JSON.parse('{"a": 1,}'), 'it is not JSON from line 1, column 9'],
    ['YAML without its indentation', () => loadAll('a: "b\nc"'), /^its line 2 is not YAML: it is not indented/],
    ['YAML with a tab', () => loadAll('a:\n\tb: 1'), /^its line 2 is not YAML: it is indented by a tab/],
    ['YAML with a quote left open', () => loadAll('a: "b'), /^its line \d is not YAML: a quote or bracket/],
    ['YAML with a key twice', () => loadAll('a: 1\na: 2'), /^its line 2 is not YAML: its key was there before/],
  ])('of %s is a sentence of ours', (_what, action, expected) => {
    expect(reasonOf(action)).toMatch(typeof expected === 'string' ? new RegExp(`^${expected}$`) : expected);
  });

  it('names the file where the system did', () => {
    const file = path.join(folder, 'none');
    try {
      readFileSync(file);
    } catch (error) {
      expect(toPathReason(error)).toBe(`${file}: it is not there`);
    }
  });

  it('of files without rights is what another user meets', () => {
    const secret = path.join(folder, 'secret');
    writeFileSync(secret, 'x', { mode: 0o600 });
    const closed = path.join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const script = `import { readFileSync } from 'node:fs';
      import { toReason } from ${JSON.stringify(`${SOURCE}/workspace/errors/foreign/to-reason.ts`)};
      for (const file of ${JSON.stringify([secret, `${closed}/x`])})
        try { readFileSync(file); } catch (error) { console.log(toReason(error, 'file')); }`;
    const uid = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
    if (uid === undefined) return;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      ...uid,
      encoding: 'utf8',
      cwd: '/',
    });
    expect(run.stdout, run.stderr).toBe('it may not be written or read by this user\n'.repeat(2));
  });

  it('of a port that is taken says so', async () => {
    const first = createServer();
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const { port } = first.address() as { port: number };
    const error = await new Promise((resolve) => createServer().once('error', resolve).listen(port, '127.0.0.1'));
    first.close();
    expect(toReason(error, 'address')).toBe('another program listens there');
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /signed its certificate itself/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /other names/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
    ['ERR_SSL_SOMETHING_NEW', /TLS handshake failed/],
    ['HPE_INVALID_CONSTANT', /does not answer in HTTP/],
  ])('of TLS code %s is a sentence', (code, expected) => {
    const error = Object.assign(new Error(`C0:error:0A0000C6:SSL routines:x:y:../deps/openssl: ${code}`), { code });
    expect(toReason(error, 'address')).toMatch(expected);
  });

  it('never quotes a damaged YAML or JSON, which may hold a token', () => {
    const text = fc.stringMatching(/^[a-z:{}[\],"'\n\t &*!|>%@0-9-]{0,60}$/);
    fc.assert(
      fc.property(text, (noise) => {
        for (const parse of [JSON.parse, (yaml: string) => loadAll(yaml, { schema: CORE_SCHEMA })]) {
          try {
            parse(`token: s3cr3t\n${noise}`);
          } catch (error) {
            const reason = toReason(error, 'file');
            expect(reason).toMatch(/^it is not (?:JSON|YAML)|^its line \d+ is not YAML/);
            expect(reason).not.toMatch(/s3cr3t/);
          }
        }
      }),
      { numRuns: 500 },
    );
    expect(toJsonReason('whatever')).toBe('it is not JSON');
  });

  it('is never empty', () => {
    for (const error of [new Error(''), new Error('\n'), '', new AggregateError([])])
      expect(toReason(error, 'file')).toBe('it does not say why');
  });
});

/** Where the message of a caught error may be read: our own errors, or a program's words that are judged there. */
const READERS: Record<string, string> = {
  'workspace/errors/foreign/to-reason.ts': 'translates',
  'report/results/error-screen.ts': 'shows it, after it became ours',
  'adapters/files/settings-store.ts': "looks for the names that conf's schema complains of",
  'adapters/helm/translate.ts': "looks for Helm's own words",
  'adapters/ssh/connecting/connect-failure.ts': 'looks for a refusal',
  'adapters/ssh/connection.ts': "shows the server's words for a channel that it refuses",
  'adapters/kubernetes/api/translate.ts': "an answer of the API server's, or of what stands before it",
  'adapters/kubernetes/pod-stream/open-pod-stream.ts': "shows the API server's own words",
  'adapters/kubernetes/ways/way-faults.ts': "looks for the API server's own words",
  'adapters/kubernetes/api/proxy/proxy-error.ts': 'looks for the code that the client for SOCKS puts there',
  'adapters/held-connection/held-session.ts': 'passes it on to the other process',
  'cli/session/run-proxy.ts': 'shows our own',
  'operations/doctor/examine.ts': 'shows our own',
  'cli/ssh-config/check-ssh-config.ts': 'shows our own',
  'report/results/ssh-config.ts': 'shows our own',
  'cli/asking/key-removal.ts': 'shows our own: the key that is not there',
  'cli/here/sources.ts': 'shows our own, with variables in it',
  'cli/here/folder-source.ts': 'looks for our own folder in our own',
  'workspace/naming/sight.ts': 'shows our own: the namespace that is missing',
};

describe('the source', () => {
  it("reads the message of a caught error nowhere else: it could be Node's", () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.tsx?$/.test(name) && !name.startsWith('supervisor'),
    );
    const readers = files.filter((name) =>
      /\b(?:error|cause|fault|loss|refusal)\??\.message|as (?:Error|NodeJS\.ErrnoException)\)\.message|\{ message[^}]*\} = (?:error|cause)/.test(
        readFileSync(path.join(SOURCE, name), 'utf8'),
      ),
    );
    expect(readers.toSorted()).toEqual(Object.keys(READERS).toSorted());
  });
});
