import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'ws-image-'));
const rootfs = path.join(folder, 'rootfs');

interface Config {
  config: {
    User: string;
    Entrypoint: string[];
    Labels: Record<string, string>;
    Env: string[];
    ExposedPorts: Record<string, object>;
  };
}
let config: Config['config'];
let archive = '';

/** The very archive that clusters load, unpacked layer by layer. */
beforeAll(() => {
  archive = execFileSync('bash', ['scripts/image.sh', 'archive'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  const [manifest] = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
    Config: string;
    Layers: string[];
    RepoTags: string[];
  }[];
  config = (JSON.parse(readFileSync(path.join(folder, manifest?.Config ?? ''), 'utf8')) as Config).config;
  mkdirSync(rootfs);
  for (const layer of manifest?.Layers ?? []) {
    execFileSync('tar', ['-xf', path.join(folder, layer), '-C', rootfs]);
    applyWhiteouts();
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the image', () => {
  it('W5I2-HELM: runs as a numbered user, under tini, with its labels', () => {
    expect(config.User).toBe('1000:1000');
    expect(config.Entrypoint).toEqual([
      '/usr/bin/tini',
      '--',
      '/usr/local/bin/node',
      '--disable-sigusr1',
      '/opt/ws/supervisor.mjs',
    ]);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'ws-workspace',
      'dev.ws.sbom': '/usr/share/ws/sbom.spdx.json',
    });
    expect(Object.keys(config.ExposedPorts)).toEqual(['2222/tcp', '9222/tcp']);
  });

  it("X2K7-RESTRICT: has no file that lends another user's rights", () => {
    expect(find('-type', 'f', '-perm', '/6000')).toEqual([]);
  });

  it('holds no secret and no leftovers of its making', () => {
    expect(config.Env.filter((entry) => /TOKEN|SECRET|PASSWORD|_CA|PROXY/i.test(entry))).toEqual([]);
    const places = ['etc', 'home', 'root', 'run', 'tmp', 'var'].map((name) => path.join(rootfs, name));
    const keys = spawnSync('grep', ['-rlE', '^-----BEGIN [A-Z ]*PRIVATE KEY-----', ...places], { encoding: 'utf8' });
    expect(keys).toMatchObject({ status: 1, stdout: '' });
    expect(existsSync(path.join(rootfs, 'run/ca.crt')) && statSync(path.join(rootfs, 'run/ca.crt')).size > 0).toBe(
      false,
    );
    expect(execFileSync('find', [path.join(rootfs, 'var/lib/apt/lists'), '-type', 'f'], { encoding: 'utf8' })).toBe('');
  });

  it("takes keys from the Secret alone, through a folder that is root's", () => {
    const gate = path.join(rootfs, 'etc/ws/auth');
    expect(statSync(gate)).toMatchObject({ uid: 0, gid: 0 });
    expect(statSync(gate).mode & 0o777).toBe(0o755);
    expect(readlinkSync(path.join(gate, 'authorized_keys'))).toBe('/run/secrets/ws/authorized-keys/authorized_keys');
  });

  it('has no folder that others than its owner may write to, whatever the umask of the checkout was', () => {
    const open = find('-type', 'd', '-perm', '/022', '-not', '-perm', '-1000');
    expect(
      open.filter((directory) => !/^\/(home|var\/mail|var\/local|usr\/local\/(share|lib))/.test(directory)),
    ).toEqual([]);
  });

  it('L6H3-KEYAUTH: has a Dropbear of 2026.94 or newer without passwords', () => {
    const version = readFileSync(path.join(rootfs, 'usr/local/share/doc/dropbear/version'), 'utf8').trim();
    expect(Number.parseFloat(version)).toBeGreaterThanOrEqual(2026.94);
    expect(inside(['/usr/local/sbin/dropbear', '-h'])).not.toMatch(/password/i);
  });

  it('lists what it is made of', () => {
    const sbom = JSON.parse(readFileSync(path.join(rootfs, 'usr/share/ws/sbom.spdx.json'), 'utf8')) as {
      spdxVersion: string;
      packages: { name: string; versionInfo: string }[];
    };
    expect(sbom.spdxVersion).toBe('SPDX-2.3');
    const names = new Set(sbom.packages.map((entry) => entry.name));
    for (const name of ['dropbear', 'node', 'npm', 'uv', 'git', 'tini', 'libc6']) expect(names).toContain(name);
    const installed = inside(['dpkg-query', '-W', '-f', '${Package}\n']).trim().split('\n');
    expect(installed.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    'git',
    'ssh',
    'rsync',
    'tmux',
    'vim',
    'rg',
    'fd',
    'fzf',
    'jq',
    'gcc',
    'g++',
    'make',
    'python3',
    'uv',
    'node',
    'npm',
    'sqlite3',
    'brew',
  ])('Q2N5-TOOLS: has %s', (tool) => {
    expect(inside(['sh', '-c', `command -v ${tool}`]).trim()).not.toBe('');
  });

  it('is no larger than the README says', () => {
    const bytes = statSync(archive).size;
    process.stdout.write(`the image is ${Math.round(bytes / 1e6)} MB uncompressed\n`);
    expect(bytes).toBeLessThan(950e6);
  });
});

/** A layer removes a file of the ones below by a file of its name after `.wh.` (OCI image specification, layers). */
function applyWhiteouts(): void {
  for (const mark of find('-name', '.wh.*').map((file) => path.join(rootfs, file))) {
    rmSync(path.join(path.dirname(mark), path.basename(mark).slice('.wh.'.length)), { recursive: true, force: true });
    rmSync(mark, { force: true });
  }
}

/** Paths below the image's root. */
function find(...expression: string[]): string[] {
  return execFileSync('find', [rootfs, '-xdev', ...expression], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map((file) => file.slice(rootfs.length));
}

/** A program of the image as its user; what it prints on either stream, whatever its status. */
function inside(command: string[]): string {
  return execFileSync('sh', ['-c', '"$@" 2>&1 || true', 'sh', 'chroot', '--userspec=1000:1000', rootfs, ...command], {
    encoding: 'utf8',
  });
}
