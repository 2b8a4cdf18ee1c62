import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';
import { type BuildResult, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { APP, ENTRY_POINTS, IN_LAYERS, LATE_BUILTINS } from '../../../scripts/bundle/app.ts';
import { compileWithFile } from '../../../scripts/bundle/eager.ts';
import { type BuiltFile, withoutFacades } from '../../../scripts/bundle/facades.ts';
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
    ['run-proxy', 9],
  ])('runs %s without oclif, Ink, ssh2 and what checks settings, with %i files at most', (name, most) => {
    const entry = Object.keys(outputs).find((file) => path.basename(file).startsWith(`${name}-`)) ?? '';
    const loaded = listLoaded(outputs, path.basename(entry));
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.length).toBeLessThanOrEqual(most);
    const packages = loaded.flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}).filter(isPackage));
    expect(packages.filter((file) => /node_modules\/(@oclif|ink|react|yoga|ssh2|conf|ajv)/.test(file))).toEqual([]);
  });

  it('runs a command line without Ink, ssh2 and what checks settings, with 12 files at most', () => {
    const loaded = listLoaded(outputs, 'command-line.js');
    expect(loaded.length).toBeLessThanOrEqual(12);
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

  it.each([
    ['an import', "import { execFile, spawnSync } from 'node:child_process'; import { promisify } from 'node:util';"],
    ['require', "const { execFile, spawnSync } = require('child_process'); const { promisify } = require('util');"],
  ])('that few commands call are loaded with the first call, by %s', async (_way, head) => {
    const contents = `${head}
      const isLoaded = () => process.moduleLoadList.includes('NativeModule child_process');
      const before = isLoaded();
      const { stdout } = spawnSync(process.execPath, ['--version'], { encoding: 'utf8' });
      promisify(execFile)(process.execPath, ['--version']).then((later) =>
        console.log(JSON.stringify([before, isLoaded(), stdout.trim(), later.stdout.trim()])));`;
    const { outputFiles: [file] = [] } = await build({
      ...COMMON,
      plugins: [LATE_BUILTINS, ...COMMON.plugins],
      legalComments: 'none',
      stdin: { contents, resolveDir: ROOT },
      write: false,
    });
    const ended = spawnSync(process.execPath, ['--input-type=module'], { input: file?.text ?? '', encoding: 'utf8' });
    expect(JSON.parse(ended.stdout)).toEqual([false, true, process.version, process.version]);
  });
});

it('has the code of packages where V8 compiles it with the file, for the compile cache', () => {
  const source = `var __commonJS = (holder) => () => Object.values(holder)[0]({}, {});
    var first = __commonJS({ "a.js"(exports, module) { ${'module.exports = [1, 2, 3].map((n) => n * 2);'.repeat(50)} } });`;
  const finished = compileWithFile('a.js', source, 'packages');
  const [before, after] = [source, finished].map((text) => new Script(text).createCachedData().length);
  expect(finished).toContain('"a.js":(function(exports, module) {');
  expect(after).toBeGreaterThan((before ?? 0) * 2);
});

it('has functions where V8 compiles them with the file, and they do what they did', () => {
  const long = '{ let sum = 0; for (const one of [1, 2, 3]) sum += one; }'.repeat(20);
  const source = `'use strict';
    var early = first(2);
    function first(n) { ${long} return second(n); function second(m) { return [m].map((one) => one * 2)[0]; } }
    async function later() { return 7; }
    function* count() { yield 1; yield 2; }
    function again(n) { 'use strict'; return n === 0 ? 'done' : again(n - 1); }
    const base = { name() { return 'base'; } };
    const derived = { __proto__: base, name() { return super.name() + '!'; }, get size() { return 3; }, ['x']() { return 4; },
      async slow() { return 5; }, *some() { yield 6; } };
    class Holder { #own = 1; read = () => this.#own; twice() { return inner(); function inner() { return 2; } } }
    const told = [early, first.name, again(3), [...count()], derived.name(), derived.size, derived.x(), [...derived.some()],
      new Holder().read(), new Holder().twice(), later() instanceof Promise, (function () { return this; })()];
    JSON.stringify(told);`;
  const finished = compileWithFile('a.js', source, 'functions');
  const [before, after] = [source, finished].map((text) => {
    const script = new Script(text);
    // Before it runs, as Node's cache does.
    const bytes = script.createCachedData().length;
    return { told: script.runInNewContext() as string, bytes };
  });
  expect(after?.told).toBe(before?.told);
  expect(JSON.parse(after?.told ?? '')).toEqual([4, 'first', 'done', [1, 2], 'base!', 3, 4, [6], 1, 2, true, null]);
  expect(after?.bytes).toBeGreaterThan((before?.bytes ?? 0) * 2);
});

it('has no file that only hands on what another one holds', () => {
  const banner = 'const __dirname = import.meta.dirname;\n';
  const chunk = `${banner}import{a}from"./chunk-A.js";var run=()=>import("./run-R.js");export{run,a};`;
  const files: BuiltFile[] = [
    { path: '/dist/main.js', text: `${banner}import{main}from"./chunks/chunk-A.js";export{main};\n` },
    {
      path: '/dist/chunks/chunk-A.js',
      text: `${banner}var main=()=>import("./run-R.js"),a='from"./run-R"';export{a,main};`,
    },
    {
      path: '/dist/chunks/run-R.js',
      text: `${banner}import{run}from"./chunk-B.js";import"./chunk-A.js";export{run};\n`,
    },
    { path: '/dist/chunks/chunk-B.js', text: chunk },
    { path: '/dist/other.js', text: `${banner}import{a as b}from"./chunks/chunk-A.js";export{b};` },
  ];
  expect(withoutFacades(files, ['/dist/main.js', '/dist/other.js'])).toEqual([
    {
      path: '/dist/main.js',
      text: `${banner}var main=()=>import("./chunks/chunk-B.js"),a='from"./run-R"';export{a,main};`,
    },
    {
      path: '/dist/chunks/chunk-B.js',
      text: chunk.replace('./chunk-A.js', '../main.js').replace('./run-R.js', './chunk-B.js'),
    },
    { path: '/dist/other.js', text: `${banner}import{a as b}from"./main.js";export{b};` },
  ]);
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
