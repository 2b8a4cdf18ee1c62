/** The scripts of `ws up --clone` and `--dotfiles`, in a real bash with a real git, in a home of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toCloneScript, toDotfilesScript } from '../../../src/operations/homes/prepare-home.ts';

let folder: string;
let home: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-home-'));
  home = path.join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(script: string): { status: number; output: string } {
  try {
    const output = execFileSync('bash', ['-s'], {
      input: script,
      cwd: home,
      env: { HOME: home, PATH: process.env['PATH'] },
      stdio: ['pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    return { status: 0, output };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { status, output: stderr };
  }
}

/** A repository with these files, each executable, and its URL. */
function makeRepository(name: string, files: Record<string, string>): string {
  const repository = path.join(folder, name);
  mkdirSync(repository);
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(repository, file), text, { mode: 0o755 });
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: repository });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  return `file://${repository}`;
}

describe('--clone', () => {
  it('clones once, under the name that git would choose, and leaves what is there', () => {
    const url = makeRepository("it's a project.git", { readme: 'one' });
    expect(run(toCloneScript(url)).status).toBe(0);
    const readme = path.join(home, "it's a project", 'readme');
    expect(readFileSync(readme, 'utf8')).toBe('one');
    writeFileSync(readme, 'mine');
    expect(run(toCloneScript(`${url}/`)).status).toBe(0);
    expect(readFileSync(readme, 'utf8')).toBe('mine');
  });

  it('fails where git fails, and says what git said', () => {
    const { status, output } = run(toCloneScript(`file://${folder}/nothing`));
    expect(status).toBe(128);
    expect(output).toContain('fatal: ');
    expect(existsSync(path.join(home, 'nothing'))).toBe(false);
  });

  it('takes no URL for an option', () => {
    expect(run(toCloneScript('--upload-pack=touch ran')).status).not.toBe(0);
    expect(existsSync(path.join(home, 'ran'))).toBe(false);
  });
});

describe('--dotfiles', () => {
  it('runs the installer once, which may read without swallowing the script', () => {
    const url = makeRepository('dots', { 'install.sh': '#!/bin/sh\ncat\necho ran >> ~/ran\n', '.vimrc': '' });
    for (let round = 0; round < 2; round += 1) expect(run(toDotfilesScript(url)).status).toBe(0);
    expect(readFileSync(path.join(home, 'ran'), 'utf8')).toBe('ran\n');
    expect(existsSync(path.join(home, '.vimrc'))).toBe(false);
  });

  it('runs an installer again that failed', () => {
    const url = makeRepository('dots', { 'setup.sh': '#!/bin/sh\necho x >> ~/ran; [ "$(wc -l < ~/ran)" -gt 1 ]\n' });
    expect(run(toDotfilesScript(url)).status).toBe(1);
    expect(run(toDotfilesScript(url)).status).toBe(0);
    expect(run(toDotfilesScript(url)).status).toBe(0);
    expect(readFileSync(path.join(home, 'ran'), 'utf8')).toBe('x\nx\n');
  });

  it('links dot files where there is no installer, never over what is there', () => {
    writeFileSync(path.join(home, '.bashrc'), 'mine');
    const url = makeRepository('dots', { '.vimrc': 'theirs', '.bashrc': 'theirs', '.gitignore': 'x', readme: 'x' });
    expect(run(toDotfilesScript(url)).status).toBe(0);
    expect(readlinkSync(path.join(home, '.vimrc'))).toBe(path.join(home, '.dotfiles/.vimrc'));
    expect(readFileSync(path.join(home, '.bashrc'), 'utf8')).toBe('mine');
    expect([existsSync(path.join(home, '.gitignore')), existsSync(path.join(home, 'readme'))]).toEqual([false, false]);
  });
});
