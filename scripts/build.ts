/**
 * Builds what runs: `dist/main.js` and its chunks for the terminal app, with nothing to resolve at run time, and
 * `dist/supervisor.mjs` for the image. Beside each lie its bill of materials and the licences of what it holds.
 * Usage: `node scripts/build.ts [app|supervisor]…`, both by default.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { BuiltFile } from './bundle/facades.ts';
import { COMMON, ROOT } from './bundle/options.ts';
import { toBillOfMaterials } from './provenance/bill-of-materials.ts';
import { Ingredients, isLegalFile } from './provenance/bundled-packages.ts';
import { toLicenceText } from './provenance/licences.ts';

const { version, license, optionalDependencies } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
) as { version: string; license: string; optionalDependencies: Record<string, string> };

async function buildSupervisor(): Promise<void> {
  await bundle(
    { ...COMMON, target: 'node24', entryPoints: ['src/supervisor/main.ts'], outfile: 'dist/supervisor.mjs' },
    { name: 'ws-supervisor', papers: 'dist/supervisor-' },
  );
}

async function buildApp(): Promise<void> {
  // Only here: the image builds the supervisor without that file, and is not built again when it changes.
  const { IN_LAYERS, APP, ENTRY_POINTS, listLoginFiles } = await import('./bundle/app.ts');
  const { compileWithFile } = await import('./bundle/eager.ts');
  const { withoutFacades } = await import('./bundle/facades.ts');
  rmSync(path.join(ROOT, 'dist', 'chunks'), { recursive: true, force: true });
  await bundle(
    {
      ...APP,
      entryPoints: ENTRY_POINTS,
      outdir: 'dist',
      define: { ...APP.define, WS_APP_VERSION: JSON.stringify(version) },
      plugins: [IN_LAYERS, ...APP.plugins],
    },
    { name: 'ws-workspace', papers: 'dist/', optional: optionalDependencies },
    (files, { outputs }) => {
      const login = new Set(listLoginFiles(outputs).map((file) => path.join(ROOT, file)));
      const compiled = files.map(({ path: file, text }) => ({
        path: file,
        text: compileWithFile(file, text, login.has(file) ? 'functions' : 'packages'),
      }));
      return withoutFacades(
        compiled,
        Object.keys(ENTRY_POINTS).map((name) => path.join(ROOT, 'dist', `${name}.js`)),
      );
    },
  );
  writeManifest();
}

interface Papers {
  name: string;
  /** Where the names of its papers begin. */
  papers: string;
  optional?: Record<string, string>;
}

/** Writes a program, and the papers that say what it is made of. */
async function bundle(
  options: BuildOptions,
  { papers, ...program }: Papers,
  finish: (files: BuiltFile[], metafile: Metafile) => BuiltFile[] = (files) => files,
): Promise<void> {
  const result = await build({ ...options, metafile: true, write: false });
  const files = result.outputFiles.filter(({ path: file }) => !isLegalFile(file));
  const built = finish(files, result.metafile);
  for (const { path: file, text } of built) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const ingredients = new Ingredients(ROOT, result);
  const names = built.map(({ path: file }) => path.relative(ROOT, file).replaceAll('\\', '/')).toSorted();
  // https://reproducible-builds.org/specs/source-date-epoch/
  const createdMs = Number(process.env['SOURCE_DATE_EPOCH'] || Date.now() / 1000) * 1000;
  const packages = ingredients.list();
  const bill = toBillOfMaterials(
    { ...program, files: names, version, licence: license, folder: ROOT },
    packages,
    createdMs,
  );
  writeFileSync(path.join(ROOT, `${papers}sbom.spdx.json`), bill);
  const licences = toLicenceText(program.name, packages, ingredients.listNotices());
  writeFileSync(path.join(ROOT, `${papers}THIRD-PARTY-LICENSES`), licences);
}

/**
 * The manifest lets `ws` show help and find a command without loading any; it is committed, and checked to be current.
 */
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
