/**
 * Builds what runs: `dist/` for the terminal app (a file for each way to run, and nothing to resolve at run time)
 * and `dist/supervisor.mjs` for the image. Beside each lie its bill of materials and the licences of what it holds. Usage: `node scripts/build.ts [app|supervisor]…`, both by default.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { BUILTINS_BY_NAME, builtinsWhenUsed, findBuiltinImports } from './bundle-builtins.ts';
import { METRICS_ALONE } from './bundle-stand-ins.ts';
import { toBillOfMaterials } from './provenance/bill-of-materials.ts';
import { Ingredients } from './provenance/bundled-packages.ts';
import { toLicenceText } from './provenance/licences.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const { version, license, optionalDependencies } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
) as { version: string; license: string; optionalDependencies: Record<string, string> };

/** Bundled CommonJS packages call `require` and `__dirname`, which an ES module does not have by itself. */
const COMMONJS_BRIDGE = [
  "const require = globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url);",
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  // Not in the bundles, which every start reads: in the file of licences beside them.
  legalComments: 'external',
  metafile: true,
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    WS_APP_VERSION: JSON.stringify(version),
  },
  banner: { js: COMMONJS_BRIDGE },
  logLevel: 'warning',
};

async function buildSupervisor(): Promise<void> {
  const ingredients = new Ingredients(ROOT);
  await buildWhole(ingredients, {
    ...COMMON,
    target: 'node24',
    entryPoints: ['src/supervisor/main.ts'],
    outfile: 'dist/supervisor.mjs',
    minifySyntax: true,
    plugins: [METRICS_ALONE],
  });
  writePapers(ingredients, { name: 'ws-supervisor', files: ['dist/supervisor.mjs'], papers: 'dist/supervisor-' });
}

/** One file for each entry: to find, read and link a module takes longer than to run most of them. */
async function buildWhole(ingredients: Ingredients, { plugins = [], ...options }: BuildOptions): Promise<void> {
  const first = await build({ ...options, plugins, write: false });
  ingredients.add(first);
  const used = findBuiltinImports((first.outputFiles ?? []).map(({ text }) => text));
  await build({ ...options, legalComments: 'none', plugins: [...plugins, builtinsWhenUsed(used)] });
}

/** The bill of materials and the licences of what was built, `papers` being where their names begin. */
function writePapers(
  ingredients: Ingredients,
  { papers, ...program }: { name: string; files: string[]; papers: string; optional?: Record<string, string> },
): void {
  const packages = ingredients.list();
  // https://reproducible-builds.org/specs/source-date-epoch/
  const createdMs = Number(process.env['SOURCE_DATE_EPOCH'] || Date.now() / 1000) * 1000;
  const bill = toBillOfMaterials({ ...program, version, licence: license, folder: ROOT }, packages, createdMs);
  writeFileSync(path.join(ROOT, `${papers}sbom.spdx.json`), bill);
  const licences = toLicenceText(program.name, packages, ingredients.listNotices());
  writeFileSync(path.join(ROOT, `${papers}THIRD-PARTY-LICENSES`), licences);
}

const APP: BuildOptions = {
  ...COMMON,
  target: 'node22',
  outdir: 'dist',
  minifySyntax: true,
  minifyWhitespace: true,
  jsx: 'automatic',
  // Optional native parts: each of these is tried at run time and done without when it is absent.
  external: ['@napi-rs/keyring', '@napi-rs/keyring/keytar', 'react-devtools-core', 'ts-node', 'tsx', 'typescript'],
};

async function buildApp(): Promise<void> {
  // Only here: the image builds the supervisor without that file, and is not built again when it changes.
  const { PLUGINS, LOADED_LATER, loadsLater } = await import('./bundle-plugins.ts');
  rmSync(path.join(ROOT, 'dist', 'later'), { recursive: true, force: true });
  const ingredients = new Ingredients(ROOT);
  const later = await build({
    ...APP,
    outdir: 'dist/later',
    entryPoints: Object.entries(LOADED_LATER).map(([file, out]) => ({ in: file, out })),
    splitting: true,
    define: { ...APP.define, 'Intl.Segmenter': 'LateSegmenter' },
    inject: ['scripts/late-segmenter.ts'],
    plugins: [...PLUGINS, BUILTINS_BY_NAME],
    chunkNames: 'shared-[hash]',
  });
  ingredients.add(later);
  await buildWhole(ingredients, {
    ...APP,
    stdin: {
      contents: toCommandLine(),
      resolveDir: path.join(ROOT, 'src'),
      sourcefile: 'command-line.ts',
      loader: 'ts',
    },
    outdir: undefined,
    outfile: 'dist/command-line.js',
    plugins: [loadsLater(ROOT), ...PLUGINS],
  });
  await buildWhole(ingredients, {
    ...APP,
    entryPoints: [
      { in: 'src/cli/front/main.ts', out: 'main' },
      { in: 'src/cli/front/run-plain.ts', out: 'run-plain' },
    ],
    plugins: [loadsLater(ROOT), ...PLUGINS],
  });
  writePapers(ingredients, {
    name: 'ws-workspace',
    files: globSync(['dist/*.js', 'dist/later/*.js'], { cwd: ROOT })
      .map((file) => file.replaceAll('\\', '/'))
      .toSorted(),
    papers: 'dist/',
    optional: optionalDependencies,
  });
  writeManifest();
}

/** What runs oclif, and what oclif looks for by the names that package.json has: all commands, and the help. */
function toCommandLine(): string {
  const commands = listCommands().map((file) => file.replaceAll('\\', '/'));
  // `hidden/` holds what programs run and no person types; it is no word of a command.
  const toId = (file: string) =>
    file
      .replace(/^hidden\//, '')
      .replace(/\.tsx?$/, '')
      .replaceAll('/', ':');
  return [
    "export { AppHelp } from './cli/front/help.ts';",
    "export { runCommandLine } from './cli/front/run-command-line.ts';",
    ...commands.map((file, index) => `import command${index} from './commands/${file}';`),
    `export const COMMANDS = { ${commands.map((file, index) => `'${toId(file)}': command${index}`).join(', ')} };`,
  ].join('\n');
}

function listCommands(folder = ''): string[] {
  return readdirSync(path.join(ROOT, 'src/commands', folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listCommands(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
  );
}

/** The manifest lets `ws` show help and find a command without loading any; it is committed, and checked to be current. */
function writeManifest(): void {
  const done = spawnSync(process.execPath, ['node_modules/oclif/bin/run.js', 'manifest'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`oclif manifest: ${done.stderr}`);
  const file = path.join(ROOT, 'oclif.manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { commands: Record<string, unknown> };
  // Files are found in whichever order they are read; the same source must give the same manifest.
  const commands = Object.entries(manifest.commands).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, JSON.stringify({ ...manifest, commands: Object.fromEntries(commands) }, undefined, 2));
}

const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes('supervisor')) await buildSupervisor();
if (wanted.length === 0 || wanted.includes('app')) await buildApp();
