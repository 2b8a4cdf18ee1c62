import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildResult, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { APP, ENTRY_POINTS, IN_LAYERS } from '../../../scripts/bundle/app.ts';
import { COMMON, ROOT } from '../../../scripts/bundle/options.ts';
import { PATCHED } from '../../../scripts/bundle/patches.ts';

type Outputs = NonNullable<BuildResult['metafile']>['outputs'];

describe("the app's bundle", () => {
  let outputs: Outputs = {};

  beforeAll(async () => {
    const options = { ...APP, entryPoints: ENTRY_POINTS, outdir: 'dist', write: false };
    outputs = (await build({ ...options, plugins: [IN_LAYERS, ...APP.plugins] })).metafile?.outputs ?? {};
  });

  it('holds each module once: a class that was there twice would not know its own instances', () => {
    const holders = Map.groupBy(
      Object.values(outputs).flatMap((output) => Object.entries(output.inputs)),
      ([file]) => file,
    );
    const own = [...holders].filter(([file]) => /^(src|node_modules)\//.test(file));
    expect(own.length).toBeGreaterThan(300);
    const twice = own.filter(([, uses]) => uses.filter(([, { bytesInOutput }]) => bytesInOutput > 0).length > 1);
    expect(twice.map(([file]) => file)).toEqual([]);
  });

  it('starts with three files, and holds nothing of the packages that are loaded later', () => {
    const start = listLoaded(outputs, 'main.js');
    expect(start.length).toBeLessThanOrEqual(3);
    const packages = start.flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}).filter(isPackage));
    expect(packages).toEqual([]);
  });

  it.each([
    ['run-ssh', 4],
    ['own-connection', 6],
    ['run-proxy', 8],
  ])('runs %s without oclif, Ink, ssh2 and what checks settings, with %i files at most', (name, most) => {
    const entry = Object.keys(outputs).find((file) => path.basename(file).startsWith(`${name}-`)) ?? '';
    const loaded = listLoaded(outputs, path.basename(entry));
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.length).toBeLessThanOrEqual(most);
    const packages = loaded.flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}).filter(isPackage));
    expect(packages.filter((file) => /node_modules\/(@oclif|ink|react|yoga|ssh2|conf|ajv)/.test(file))).toEqual([]);
  });

  it('runs a command line without Ink, ssh2 and what checks settings, with 11 files at most', () => {
    const loaded = listLoaded(outputs, 'command-line.js');
    expect(loaded.length).toBeLessThanOrEqual(11);
    const packages = loaded.flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}).filter(isPackage));
    expect(packages.filter((file) => /node_modules\/@oclif/.test(file)).length).toBeGreaterThan(10);
    expect(packages.filter((file) => /node_modules\/(ink|react|yoga|ssh2|conf|ajv)\//.test(file))).toEqual([]);
  });
});

describe('builtins', () => {
  it('are not loaded whole: what is not used of them is not touched', async () => {
    const contents = "import { request } from 'node:http'; import path from 'node:path'; export { path, request };";
    const { outputFiles = [] } = await build({
      ...COMMON,
      banner: {},
      stdin: { contents, resolveDir: ROOT },
      outdir: 'dist',
      write: false,
    });
    const text = outputFiles.map((file) => file.text).join('');
    expect(text).not.toMatch(/from "node:http"|WebSocket/);
    const { request, path: paths } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      request: unknown;
      path: unknown;
    };
    expect([request, paths]).toEqual([(await import('node:http')).request, (await import('node:path')).default]);
  });
});

it.each(PATCHED)('%s, of which files are changed or imported by themselves, has one version', (name) => {
  const { devDependencies, overrides } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
    overrides: Record<string, string>;
  };
  expect(devDependencies[name] ?? overrides[name]).toMatch(/^\d+\.\d+\.\d+$/);
});

function isPackage(file: string): boolean {
  return file.startsWith('node_modules/');
}

/** What is loaded with an output, itself included. */
function listLoaded(outputs: Outputs, name: string): string[] {
  const loaded = new Set<string>();
  const visit = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path: target, kind, external } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) visit(target);
  };
  for (const file of Object.keys(outputs)) if (path.basename(file) === name) visit(file);
  return [...loaded];
}
