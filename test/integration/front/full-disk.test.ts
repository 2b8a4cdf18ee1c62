/** Settings on a disk that is full: the first bytes of a file find room there, and the rest does not. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const PROGRAM = path.resolve(import.meta.dirname, '../../../bin/run.js');

let folder: string;
let settings: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-full-'));
  settings = path.join(folder, 'settings');
  mkdirSync(settings);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `ws` is a function in the script; `$0` is the folder with the settings. */
function run(script: string, before: string[] = []) {
  const ws = `ws() { "${process.execPath}" "${PROGRAM}" "$@"; }`;
  const env = { HOME: folder, PATH: process.env['PATH'], WS_CONFIG_DIR: settings };
  const [program = '', ...words] = [...before, 'bash', '-c', `${ws}; ${script}`, settings];
  return spawnSync(program, words, { env, encoding: 'utf8', timeout: 60_000 });
}

/** A mount that nobody else sees. */
const ALONE = ['unshare', '--map-root-user', '--mount'];
const isAllowed = spawnSync(ALONE[0] ?? '', [...ALONE.slice(1), 'true']).status === 0;
if (!isAllowed) console.warn('skipped: this machine lets nobody make a mount of their own (unshare --mount)');

it('new settings are a file of their owner alone', () => {
  expect(run('ws config set user alice')).toMatchObject({ status: 0 });
  expect(statSync(path.join(settings, 'config.json')).mode & 0o777).toBe(0o600);
});

it.skipIf(!isAllowed)('what was set stays byte for byte, and the error says why', () => {
  const binding = { workspace: 'dev', context: 'work', namespace: 'team' };
  const folders = Array.from({ length: 60 }, (_, index) => [`/home/alice/projects/number-${index}`, binding]);
  const before = path.join(folder, 'before.json');
  writeFileSync(before, JSON.stringify({ directories: Object.fromEntries(folders) }));
  // Three pages: two for the file, and one for what is written beside it.
  const script = [
    'mount -t tmpfs -o size=12k none "$0" && cp "$HOME/before.json" "$0/config.json"',
    'ws config set user alice; echo "status $?"',
    'cmp "$HOME/before.json" "$0/config.json" && ls -A "$0"',
  ];
  const { stdout, stderr } = run(script.join('\n'), ALONE);
  expect(stdout, stderr).toBe('status 3\nconfig.json\n');
  expect(stderr).toMatch(/cannot be changed[\s\S]*the disk is full[\s\S]*SETTINGS_INVALID/);
});
