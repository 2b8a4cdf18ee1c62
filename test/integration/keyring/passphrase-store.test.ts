import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPassphraseStore, type Keytar } from '../../../src/adapters/keyring/passphrase-store.ts';

const run = promisify(execFile);
const MODULE = fileURLToPath(new URL('../../../src/adapters/keyring/passphrase-store.ts', import.meta.url));
const NEEDED = {
  '/usr/bin/dbus-run-session': 'dbus',
  '/usr/bin/gnome-keyring-daemon': 'gnome-keyring',
  '/usr/bin/secret-tool': 'libsecret-tools',
};
const missing = Object.entries(NEEDED).find(([path]) => !existsSync(path));
if (missing !== undefined) console.warn(`skipped: ${missing[0]} is missing (package ${missing[1]})`);

const SECRET = 'correct horse battery staple';

describe.skipIf(missing !== undefined)('passphrases in a real keyring (gnome-keyring on a D-Bus session)', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'ws-keyring-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** Runs a program in a session of its own; what it prints as JSON comes back. */
  async function inSession(
    program: string,
    unlock = true,
    after = 'true',
  ): Promise<{ printed: unknown; after: string }> {
    const script = [
      unlock
        ? 'printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
        : 'gnome-keyring-daemon --start --components=secrets >/dev/null',
      '"$0" --input-type=module -e "$1"',
      'echo',
      after,
      'kill "$(pgrep -P $$ gnome-keyring-d)" 2>/dev/null; true',
    ].join('\n');
    const code = `import { createPassphraseStore } from ${JSON.stringify(MODULE)};
      const store = createPassphraseStore();
      console.log(JSON.stringify(await (async () => { ${program} })() ?? null));
      process.exit(0);`;
    const { stdout } = await run('dbus-run-session', ['--', 'bash', '-c', script, process.execPath, code], {
      env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: join(home, 'data') },
    });
    const [printed = '', ...rest] = stdout.trim().split('\n');
    return { printed: JSON.parse(printed), after: rest.join('\n').trim() };
  }

  it('keeps, finds and removes a passphrase, under the name that other programs see', async () => {
    const { printed, after } = await inSession(
      `const found = [await store.findFault(), await store.find('SHA256:a')];
       found.push(await store.save('SHA256:a', ${JSON.stringify(SECRET)}), await store.find('SHA256:a'), await store.find('SHA256:b'));
       await store.save('SHA256:gone', 'x');
       return [...found, await store.remove('SHA256:gone'), await store.find('SHA256:gone'), await store.remove('SHA256:gone')];`,
      true,
      'secret-tool lookup service ws username SHA256:a',
    );
    expect(printed).toEqual([null, null, true, SECRET, null, true, null, false]);
    expect(after).toBe(SECRET);
  });

  it('leaves no passphrase in clear on the disk', async () => {
    await inSession(`return await store.save('SHA256:a', ${JSON.stringify(SECRET)});`);
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      expect(statSync(path).mode & 0o077).toBe(0);
      expect(readFileSync(path).includes(SECRET)).toBe(false);
    }
  });

  it('does not hang on a locked keyring that nobody unlocks', async () => {
    await inSession(`return await store.save('SHA256:a', 'x');`);
    const { printed } = await inSession(
      `const start = performance.now();
       const fault = await store.findFault();
       return [fault, await store.find('SHA256:a'), performance.now() - start];`,
      false,
    );
    const [fault, found, tookMs] = printed as [string | null, string | null, number];
    expect(found).toBeNull();
    expect(fault === null || fault.startsWith('the keyring')).toBe(true);
    expect(tookMs).toBeLessThan(20_000);
  });
});

describe('a keyring that cannot be used', () => {
  const reject = async () => {
    throw new Error('AccessDenied');
  };
  const hang = () => new Promise<never>(() => undefined);
  const broken = (method: () => Promise<never>): Keytar => ({
    getPassword: method,
    setPassword: method,
    deletePassword: method,
  });

  it('is named, and nothing throws', async () => {
    const store = createPassphraseStore(async () => broken(reject));
    expect(await store.findFault()).toBe('the keyring cannot be used: AccessDenied');
    expect(await store.find('x')).toBeUndefined();
    expect(await store.save('x', 'y')).toBe(false);
    expect(await store.remove('x')).toBe(false);
  });

  it('is not waited for longer than three seconds', async () => {
    const store = createPassphraseStore(async () => broken(hang));
    const start = performance.now();
    expect(await store.findFault()).toMatch(/does not answer within 3 s/);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('may be missing altogether', async () => {
    const store = createPassphraseStore(async () => {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    expect(await store.findFault()).toBe('the keyring module is not installed');
    expect(await store.find('x')).toBeUndefined();
  });
});
