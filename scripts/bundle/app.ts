/** How the terminal app is bundled: ES modules with shared chunks, so that each module is there once. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { COMMON, ROOT } from './options.ts';
import { PATCHES } from './patches.ts';

const SOURCE = path.join(ROOT, 'src');

/**
 * Native parts that ssh2 tries and does without. In an installed app none of them is there, and each search for one
 * takes 1 ms.
 */
const ABSENT: Plugin = {
  name: 'absent',
  setup(builder) {
    builder.onResolve({ filter: /^cpu-features$|\/sshcrypto\.node$/ }, ({ path: name }) => ({
      path: name,
      namespace: 'absent',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path: name }) => ({
      contents: `throw new Error(${JSON.stringify(`${name} is not part of ws`)});`,
    }));
  },
};

/** Node's own modules that most commands never call, and that packages load at their start nevertheless. */
const LATE = /^(?:node:)?(?:child_process|dns|perf_hooks|readline|readline\/promises|tty)$/;

/** Loads these with the first call of one of their functions: `node:child_process` takes 5 ms of each command. */
export const LATE_BUILTINS: Plugin = {
  name: 'late-builtins',
  setup(builder) {
    builder.onResolve({ filter: LATE }, ({ path: name }) => ({ path: name, namespace: 'late-builtin' }));
    builder.onLoad({ filter: /.*/, namespace: 'late-builtin' }, ({ path: name }) => ({ contents: toLateModule(name) }));
  },
};

/** As CommonJS. What is no function is taken from the module when it is asked for, and classes are too. */
function toLateModule(name: string): string {
  const members = Object.entries(process.getBuiltinModule(name) ?? {}).map(([key, member]) => {
    if (typeof member !== 'function' || /^[A-Z]/.test(key)) return `get ${key}() { return load().${key}; }`;
    const call = `(...words) => load().${key}(...words)`;
    if (!(promisify.custom in member)) return `${key}: ${call}`;
    return `${key}: Object.assign(${call}, { [promised]: (...words) => load().${key}[promised](...words) })`;
  });
  return [
    `const load = () => process.getBuiltinModule(${JSON.stringify(name)});`,
    "const promised = Symbol.for('nodejs.util.promisify.custom');",
    `module.exports = {\n${members.join(',\n')}\n};`,
  ].join('\n');
}

/**
 * `require` for bundled CommonJS packages. Node's own reads every export of a module of Node's, the lazy ones too
 * (`options.ts` has the same for imports), and takes time to make, so it is made for what is not Node's.
 */
const REQUIRE = `const require = (() => {
  const { getBuiltinModule } = globalThis.process;
  let ours;
  const open = () => (ours ??= getBuiltinModule('node:module').createRequire(import.meta.url));
  return Object.assign((name) => getBuiltinModule(name) ?? open()(name), { resolve: (...words) => open().resolve(...words) });
})();
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

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
    'kerberos',
    'react-devtools-core',
    'ts-node',
    'tsx',
    'typescript',
  ],
  banner: { js: REQUIRE },
  define: { ...COMMON.define, 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
  plugins: [LATE_BUILTINS, ...COMMON.plugins, ABSENT, ...PATCHES],
};

const START = './cli/front/main.ts';
/** In this order: what starts, what runs a command over a held connection, and what needs a connection of its own. */
const TO_A_LOGIN = [START, './cli/session/run-ssh.ts', './cli/session/own-connection.ts'];
/** What a login loads behind these. */
const SSH = './adapters/ssh/connecting/open-connection.ts';
/** What it loads only where it is not as before. */
const FIRST_LOGIN = './operations/login/log-in-anew.ts';
const LAYERS = [...TO_A_LOGIN, FIRST_LOGIN];
const COMMAND_LINE = 'command-line';

/**
 * The built files that every login loads behind the start: it calls most of their functions. Of those of the start most
 * commands call few.
 */
export function listLoginFiles(outputs: Metafile['outputs']): string[] {
  const entries = [...TO_A_LOGIN.slice(1), SSH].map((file) => `in-layers:${file}`);
  const all = listLoaded(outputs, entries);
  const atStart = new Set(listLoaded(outputs, [`src/${path.posix.normalize(START)}`]));
  return all.filter((file) => !atStart.has(file));
}

/** The files that are loaded with these entries, themselves included. */
function listLoaded(outputs: Metafile['outputs'], entries: string[]): string[] {
  const loaded = new Set<string>();
  const visit = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path: target, kind } of outputs[file]?.imports ?? []) if (kind === 'import-statement') visit(target);
  };
  for (const [file, { entryPoint }] of Object.entries(outputs)) if (entries.includes(entryPoint ?? '')) visit(file);
  return [...loaded];
}

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
      const layers = file === SSH ? TO_A_LOGIN : LAYERS;
      const before = layers.includes(file) ? layers.slice(0, layers.indexOf(file)) : layers;
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
