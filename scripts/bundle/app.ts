/** How the terminal app is bundled: ES modules with shared chunks, so that each module is there once. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { COMMON, ROOT } from './options.ts';
import { PATCHES } from './patches.ts';

/** The tests of what speaks with servers bundle that with these options as well. */
export const APP: BuildOptions & { plugins: Plugin[] } = {
  ...COMMON,
  target: 'node22',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minifyWhitespace: true,
  jsx: 'automatic',
  // Optional parts, most of them native: each of these is tried at run time and done without when it is absent.
  external: [
    '@napi-rs/keyring',
    '@napi-rs/keyring/keytar',
    'cpu-features',
    'kerberos',
    '*.node',
    'react-devtools-core',
    'ts-node',
    'tsx',
    'typescript',
  ],
  plugins: [...COMMON.plugins, ...PATCHES],
};

const SOURCE = path.join(ROOT, 'src');
const START = './cli/front/main.ts';
/** In this order: what starts, what runs a command over a held connection, and what needs a connection of its own. */
const LAYERS = [START, './cli/session/run-ssh.ts', './cli/session/own-connection.ts'];
const COMMAND_LINE = 'command-line';

/** The file that is run, and the one that oclif looks for by the name that package.json has. */
export const ENTRY_POINTS = { main: path.join(SOURCE, START), [COMMAND_LINE]: COMMAND_LINE };

/**
 * Tells esbuild that a file that is loaded later comes after all layers, and a layer after those before it. Otherwise
 * esbuild makes a chunk of each group of files that several later files share, and each chunk takes 0.4 ms to find,
 * read and link.
 */
export const IN_LAYERS: Plugin = {
  name: 'in-layers',
  setup(builder) {
    const from = path.join(SOURCE, path.sep);
    builder.onResolve({ filter: /^\.{1,2}\// }, ({ path: name, kind, resolveDir }) => {
      if (kind !== 'dynamic-import' || !path.join(resolveDir, path.sep).startsWith(from)) return undefined;
      const file = `./${path.relative(SOURCE, path.join(resolveDir, name)).replaceAll('\\', '/')}`;
      return file === './cli/front/run-command-line.ts'
        ? { path: COMMAND_LINE, namespace: COMMAND_LINE }
        : { path: file, namespace: 'in-layers' };
    });
    builder.onLoad({ filter: /.*/, namespace: 'in-layers' }, ({ path: file }) => {
      const before = LAYERS.includes(file) ? LAYERS.slice(0, LAYERS.indexOf(file)) : LAYERS;
      return { contents: `${toImports(before)}export * from '${file}';`, resolveDir: SOURCE };
    });
    builder.onResolve({ filter: /^command-line$/ }, () => ({ path: COMMAND_LINE, namespace: COMMAND_LINE }));
    builder.onLoad({ filter: /.*/, namespace: COMMAND_LINE }, () => ({
      contents: toCommandLine(),
      resolveDir: SOURCE,
      loader: 'ts',
    }));
  },
};

function toImports(files: string[]): string {
  return files.map((file) => `import '${file}';\n`).join('');
}

/** What runs oclif, and what oclif looks for: all commands. */
function toCommandLine(): string {
  const commands = listCommands().map((file) => file.replaceAll('\\', '/'));
  // `look/` holds commands that only read, `hidden/` those that programs run. Neither is a word that people type.
  const toId = (file: string) =>
    file
      .replace(/^(?:hidden|look)\//, '')
      .replace(/\.tsx?$/, '')
      .replaceAll('/', ':');
  return [
    toImports(LAYERS),
    "export { runCommandLine } from './cli/front/run-command-line.ts';",
    ...commands.map((file, index) => `import command${index} from './commands/${file}';`),
    `export const COMMANDS = { ${commands.map((file, index) => `'${toId(file)}': command${index}`).join(', ')} };`,
  ].join('\n');
}

function listCommands(folder = ''): string[] {
  return readdirSync(path.join(SOURCE, 'commands', folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listCommands(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
  );
}
