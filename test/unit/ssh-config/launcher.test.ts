import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toProxyCommand } from '../../../src/workspace/ssh-config/ssh-config-words.ts';
import { type Launcher, renderLauncher } from '../../../src/workspace/ssh-config/ssh-launcher.ts';

/** Prints its words and what it sees of the environment. */
const PROGRAM = `#!/usr/bin/env node
if (process.argv[2] === '--version') console.log('ws-workspace/9.9.9 here');
else console.log(JSON.stringify([process.argv.slice(2), process.env.WS_CONFIG_DIR, process.env.PATH.split(':')]));
`;
const WORDS = ['proxy', 'dev', '--context', `it's "100%" $HOME \`id\` \\ *`];
const SHELLS = ['sh', 'dash', 'bash', 'zsh', 'ksh', 'busybox'].filter((name) => existsSync(path.join('/bin', name)));

let root: string;
beforeEach(() => {
  // A folder as nobody would want it.
  root = realpathSync(mkdtempSync(path.join(tmpdir(), `w's "a" $b %d *`)));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, text: string): string {
  const whole = path.join(root, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  chmodSync(whole, 0o755);
  return whole;
}

function launch(launcher: Partial<Launcher>, PATH = '/usr/bin:/bin', shell = 'sh') {
  const file = path.join(root, 'ssh_proxy');
  const whole = { pairs: [], folders: [], configFolder: path.join(root, 'c'), ...launcher };
  writeFileSync(file, renderLauncher(whole), 'latin1');
  // As ssh does it: by a shell, with the command of the configuration, whose percent signs are doubled.
  const command = `exec ${toProxyCommand(['/bin/sh', file, ...WORDS], 'linux').replaceAll('%%', '%')}`;
  const words = [path.join('/bin', shell), ...(shell === 'busybox' ? ['sh'] : []), '-c', command];
  const [program = '', ...rest] = words;
  const { status, stdout, stderr } = spawnSync(program, rest, {
    encoding: 'utf8',
    env: { PATH, HOME: root },
    cwd: '/',
  });
  return { status, stderr, answer: status === 0 ? (JSON.parse(stdout) as [string[], string, string[]]) : undefined };
}

describe('the launcher', () => {
  it.each(SHELLS)('runs the first pair that is there, with every word as it was, below %s', (shell) => {
    const file = put('lib/ws', PROGRAM);
    const pairs = [
      { node: '/nowhere/node', file },
      { node: process.execPath, file: path.join(root, 'gone') },
      { node: process.execPath, file },
    ];
    const { answer } = launch({ pairs, folders: [path.join(root, 'plugins')] }, '/usr/bin:/bin', shell);
    expect(answer).toEqual([WORDS, path.join(root, 'c'), ['/usr/bin', '/bin', path.join(root, 'plugins')]]);
  });

  it('has credential plugins found also where the caller has no PATH at all', () => {
    const file = put('lib/ws', PROGRAM);
    const { answer } = launch({ pairs: [{ node: process.execPath, file }], folders: ['/opt/x'] }, '');
    expect(answer?.[2]).toEqual(['/opt/x']);
  });

  it('finds ws by a link that an update has set anew', () => {
    put('v1/ws.js', 'throw new Error("old")');
    const link = path.join(root, 'ws');
    symlinkSync(path.join(root, 'v1/ws.js'), link);
    rmSync(link);
    symlinkSync(put('v2/ws.js', PROGRAM), link);
    rmSync(path.join(root, 'v1'), { recursive: true });
    expect(launch({ pairs: [{ node: process.execPath, file: link }] }).answer?.[0]).toEqual(WORDS);
  });

  it('takes another Node of PATH once its own is gone, and none that is too old', () => {
    const file = put('lib/ws', PROGRAM);
    put('old/node', '#!/bin/sh\nexit 1\n');
    mkdirSync(path.join(root, 'new'));
    symlinkSync(process.execPath, path.join(root, 'new/node'));
    const folders = [path.join(root, 'old'), path.join(root, 'new')];
    expect(launch({ pairs: [{ node: '/gone/node', file }], folders }).answer?.[0]).toEqual(WORDS);
  });

  it('takes another ws of PATH once all of its own is gone, and none that is another program', () => {
    put('other/ws', '#!/bin/sh\necho "websocket client 1.0"\n');
    put('own/ws', PROGRAM.replace('/usr/bin/env node', process.execPath));
    const folders = [path.join(root, 'other'), path.join(root, 'own')];
    // A path with spaces cannot stand after #!, so this one is run by a program of the shell.
    writeFileSync(
      path.join(root, 'own/ws'),
      `#!/bin/sh\nexec '${process.execPath}' - "$@" <<'END'\n${PROGRAM.split('\n').slice(1).join('\n')}\nEND\n`,
    );
    expect(launch({ pairs: [{ node: '/gone/node', file: '/gone/ws' }], folders }).answer?.[0]).toEqual(WORDS);
  });

  it('says what to do where nothing is left', () => {
    const { status, stderr } = launch({ pairs: [{ node: '/gone/node', file: '/gone/ws' }] }, '/nowhere');
    expect([status, stderr]).toEqual([127, expect.stringContaining('try: ws config-ssh')]);
  });

  it.runIf(existsSync('/usr/bin/shellcheck'))('is clean by shellcheck', () => {
    const file = put('x', renderLauncher({ pairs: [{ node: '/n', file: '/f' }], folders: ['/a'], configFolder: '/c' }));
    execFileSync('shellcheck', ['-s', 'sh', '-e', 'SC2123', file]);
  });
});
