import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBill } from '../../image/bill.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'ws-pack-'));
let files: string[] = [];

beforeAll(() => {
  // --ignore-scripts: the build is the test run's, and other tests are using it.
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT)) as {
    filename: string;
    files: { path: string }[];
  }[];
  files = packed?.files.map((file) => file.path) ?? [];
  npm(['init', '--yes'], folder);
  npm(['install', '--no-audit', '--no-fund', path.join(folder, packed?.filename ?? '')], folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('holds the app, its manifest and the chart, and nothing that only builds or tests it', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'bin/run.js',
        'dist/main.js',
        'dist/command-line.js',
        'oclif.manifest.json',
        'chart/Chart.yaml',
        'chart/values.schema.json',
        'docs/troubleshooting.md',
        'docs/role.yaml',
        'README.md',
        'LICENSE',
      ]),
    );
    expect(files.filter((file) => /^(test|src|scripts|image)\/|supervisor\.mjs|\.test\./.test(file))).toEqual([]);
  });

  it('brings no other package but the keyring', () => {
    const tree = JSON.parse(npm(['ls', '--json', '--all'], folder)) as {
      dependencies: Record<string, { dependencies?: Record<string, unknown> }>;
    };
    expect(Object.keys(tree.dependencies)).toEqual(['ws-workspace']);
    expect(
      Object.keys(tree.dependencies['ws-workspace']?.dependencies ?? {}).filter((name) => name !== '@napi-rs/keyring'),
    ).toEqual([]);
  });

  it('says what is bundled in it: each package with version, licence and hash, and the files themselves', () => {
    const installed = path.join(folder, 'node_modules/ws-workspace');
    const bill = readBill(readFileSync(path.join(installed, 'dist/sbom.spdx.json'), 'utf8'));
    expect(bill.faults()).toEqual([]);
    expect(bill.root()).toMatchObject({ name: 'ws-workspace', licenseDeclared: 'MIT' });
    const bundled = bill.within('ws-workspace');
    const names = bundled.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['@oclif/core', 'conf', 'ink', 'react', 'ssh2', 'ws', 'js-yaml']));
    // What only builds or tests it is not in it.
    expect(names.filter((name) => /^(esbuild|vitest|oclif|typescript|fast-check)$/.test(name))).toEqual([]);
    expect(bundled.filter(({ checksum, licenseDeclared }) => !checksum || licenseDeclared === 'NOASSERTION')).toEqual(
      [],
    );
    const built = globSync('dist/**/*.js', { cwd: installed }).toSorted();
    expect(bill.files.map(({ fileName }) => fileName.slice('./'.length)).toSorted()).toEqual(built);
    for (const { fileName, checksums } of bill.files) {
      const checksumValue = createHash('sha256')
        .update(readFileSync(path.join(installed, fileName)))
        .digest('hex');
      expect(checksums, fileName).toContainEqual({ algorithm: 'SHA256', checksumValue });
    }
  });

  it('brings the licences of what is bundled in it', () => {
    const installed = path.join(folder, 'node_modules/ws-workspace/dist');
    const bill = readBill(readFileSync(path.join(installed, 'sbom.spdx.json'), 'utf8'));
    const licences = readFileSync(path.join(installed, 'THIRD-PARTY-LICENSES'), 'utf8');
    const bundled = bill.within('ws-workspace');
    expect(bundled.filter(({ name, versionInfo }) => !licences.includes(`${name} ${versionInfo} (`))).toEqual([]);
    // Licence comments of the code, for authors whom no licence file names.
    expect(licences).toContain('react/cjs/react.production.js:');
    expect(licences).toMatch(/Copyright \(c\) Meta Platforms/);
  });

  it.each(['22.12.0', '24', '26'])('runs on Node %s', { timeout: 300_000 }, (version) => {
    const home = path.join(folder, `node-${version}`);
    execFileSync('mkdir', ['-p', home]);
    const node = installNode(version, home);
    const run = (words: string[]) =>
      execFileSync(node, [path.join(folder, 'node_modules/ws-workspace/bin/run.js'), ...words], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', HOME: home },
      });
    expect(run(['--version'])).toContain(`node-v${version.split('.')[0]}`);
    // Its own help: examples come first.
    expect(run(['--help'])).toMatch(/^.+\n\nEXAMPLES\n {2}\$ ws up /);
    // Every command's own file loads on it.
    expect(run(['up', '--help'])).toContain('--storage-class');
    expect(run(['help', 'helm-missing'])).toContain('install Helm');
    expect(run(['config', 'ls'])).toContain('storage-class');
  });
});

/** The project's own Node needs no second one of the same version. */
function installNode(version: string, home: string): string {
  if (process.versions.node.startsWith(version)) return process.execPath;
  npm(['init', '--yes'], home);
  npm(['install', '--no-audit', '--no-fund', `node@${version}`], home);
  return path.join(home, 'node_modules/.bin/node');
}

function npm(words: string[], cwd: string): string {
  return execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
