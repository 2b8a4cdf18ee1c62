import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAgents } from './agents.ts';
import { describeAuthorizedKeys } from './authorized-keys.ts';
import { describeExamples } from './examples.ts';
import { describeInstalls } from './installs.ts';
import { describeProvenance } from './provenance.ts';
import { describeReturning } from './returning.ts';
import { describeTerminals } from './terminals.ts';
import { UnpackedImage } from './unpacked.ts';

let image: UnpackedImage;
let rootfs = '';

// Parts in files of their own share this one copy: to unpack it takes longer than most of what they try.
beforeAll(() => {
  image = new UnpackedImage();
  rootfs = image.rootfs;
});
afterAll(() => image?.[Symbol.dispose]());

describeTerminals(() => image);
describeAgents(() => image);
describeProvenance(() => image);
describeAuthorizedKeys(() => image);
describeInstalls(() => image);
describeExamples(() => image);
describeReturning(() => image);

describe('the image', () => {
  it('W5I2-HELM: runs as a numbered user, under tini, with its labels', () => {
    expect(image.config.User).toBe('1000:1000');
    expect(image.config.Entrypoint).toEqual([
      '/usr/bin/tini',
      '--',
      '/usr/local/bin/node',
      '--disable-sigusr1',
      '--max-semi-space-size=2',
      '/opt/ws/supervisor.mjs',
    ]);
    expect(image.config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'ws-workspace',
      'dev.ws.sbom': '/usr/share/ws/sbom.spdx.json',
    });
    expect(Object.keys(image.config.ExposedPorts)).toEqual(['2222/tcp', '9222/tcp']);
  });

  it("X2K7-RESTRICT: has no file that lends another user's rights", () => {
    expect(image.find('-type', 'f', '-perm', '/6000')).toEqual([]);
  });

  it('holds no secret and no leftovers of its making', () => {
    expect(image.config.Env.filter((entry) => /TOKEN|SECRET|PASSWORD|_CA|PROXY/i.test(entry))).toEqual([]);
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
    const open = image.find('-type', 'd', '-perm', '/022', '-not', '-perm', '-1000');
    expect(
      open.filter((directory) => !/^\/(home|var\/mail|var\/local|usr\/local\/(share|lib))/.test(directory)),
    ).toEqual([]);
  });

  it('L6H3-KEYAUTH: has a Dropbear of 2026.94 or newer without passwords', () => {
    const version = image.read('usr/local/share/doc/dropbear/version').trim();
    expect(Number.parseFloat(version)).toBeGreaterThanOrEqual(2026.94);
    expect(image.inside(['/usr/local/sbin/dropbear', '-h'])).not.toMatch(/password/i);
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
    expect(image.inside(['sh', '-c', `command -v ${tool}`]).trim()).not.toBe('');
  });

  it('is no larger than the README says', () => {
    const bytes = statSync(image.archive).size;
    process.stdout.write(`the image is ${Math.round(bytes / 1e6)} MB uncompressed\n`);
    expect(bytes).toBeLessThan(950e6);
  });
});
