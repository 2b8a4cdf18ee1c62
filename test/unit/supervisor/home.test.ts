import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareHome } from '../../../src/supervisor/home.ts';

let root: string;
let home: string;
let skeleton: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'home-'));
  home = path.join(root, 'home');
  skeleton = path.join(root, 'skeleton');
  for (const folder of [home, skeleton]) mkdirSync(folder);
  writeFileSync(path.join(skeleton, '.bashrc'), 'skeleton\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (...names: string[]) => statSync(path.join(home, ...names)).mode & 0o777;

describe('prepareHome', () => {
  it('V5Q3-HOME: fills an empty home', () => {
    expect(prepareHome(home, skeleton).filled).toBe(true);
    expect(readFileSync(path.join(home, '.bashrc'), 'utf8')).toBe('skeleton\n');
  });

  it("V5Q3-HOME: takes a fresh volume's own folders for empty", () => {
    for (const name of ['lost+found', '.linuxbrew']) mkdirSync(path.join(home, name));
    expect(prepareHome(home, skeleton).filled).toBe(true);
    expect(readdirSync(home).toSorted()).toEqual(['.bashrc', '.linuxbrew', 'lost+found']);
  });

  it('V5Q3-HOME: never writes into a used home', () => {
    writeFileSync(path.join(home, 'work'), 'mine');
    expect(prepareHome(home, skeleton).filled).toBe(false);
    expect(existsSync(path.join(home, '.bashrc'))).toBe(false);
  });

  it("takes away a volume's group rights where OpenSSH minds them, and gives none", () => {
    const ssh = path.join(home, '.ssh');
    mkdirSync(ssh);
    const files = { id: '-----BEGIN OPENSSH PRIVATE KEY-----\n', 'id.pub': 'ssh-ed25519 AAAA', config: 'Host *\n' };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path.join(ssh, name), text);
      chmodSync(path.join(ssh, name), 0o660);
    }
    chmodSync(ssh, 0o770);
    chmodSync(home, 0o777);
    const { tightened } = prepareHome(home, skeleton);
    expect(tightened.toSorted()).toEqual([home, ssh, path.join(ssh, 'id')]);
    expect([modeOf(), modeOf('.ssh'), modeOf('.ssh', 'id'), modeOf('.ssh', 'config')]).toEqual([
      0o755, 0o700, 0o600, 0o660,
    ]);
    chmodSync(home, 0o700);
    expect(prepareHome(home, skeleton).tightened).toEqual([]);
    expect(modeOf()).toBe(0o700);
  });
});
