/** What the bundler does differently for `ws`, all for the time that a start takes. */
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { CLIENT_PLUGINS } from './bundle-clients.ts';
import { patch } from './bundle-patches.ts';
import { standIn } from './bundle-stand-ins.ts';

/**
 * The Kubernetes client's configuration module imports its generated API classes and a second HTTP client, for calls that
 * `ws` makes by itself. Without them it is an eighth of the size.
 */
const WITHOUT_API_CLASSES: Plugin = {
  name: 'without-api-classes',
  setup(builder) {
    const unused = /^undici$|^\.\/gen\/index\.js$|^\.\/middleware\.js$/;
    const names = ['Agent', 'ProxyAgent', 'createConfiguration', 'ServerConfiguration', 'setHeaderMiddleware'];
    builder.onResolve({ filter: unused }, ({ path: name, importer }) =>
      /client-node\/dist\/config\.js$/.test(importer.replaceAll('\\', '/'))
        ? { path: name, namespace: 'unused' }
        : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: names.map((name) => `export const ${name} = undefined;`).join('\n'),
    }));
  },
};

/** What oclif loads at each start and uses for help, errors, plug-ins and spinners only. */
const USED_LATER = new Set([
  'ansi-escapes',
  'clean-stack',
  'cli-spinners',
  'ejs',
  'indent-string',
  'lilconfig',
  'minimatch',
  'node:child_process',
  'node:perf_hooks',
  'node:readline',
  'semver',
  'string-width',
  'tinyglobby',
  'widest-line',
  'wordwrap',
  'wrap-ansi',
]);

/** Stands for such a module until somebody reads or calls it. None of them marks itself as a compiled ES module's default. */
const OCLIF_LOADS_LATER: Plugin = {
  name: 'oclif-loads-later',
  setup(builder) {
    builder.onResolve({ filter: /.*/ }, ({ path: name, kind, importer, resolveDir }) =>
      kind === 'require-call' && USED_LATER.has(name) && /@oclif\/core\/lib\//.test(importer.replaceAll('\\', '/'))
        ? { path: name, namespace: 'later', pluginData: resolveDir }
        : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'later' }, ({ path: name, pluginData }) => ({
      resolveDir: pluginData as string,
      contents: [
        'let loaded;',
        `const load = () => (loaded ??= require(${JSON.stringify(name)}));`,
        'module.exports = new Proxy(function () {}, {',
        "  get: (_, key) => (key === '__esModule' ? false : load()[key]),",
        '  apply: (_, self, values) => Reflect.apply(load(), self, values),',
        '});',
      ].join('\n'),
    }));
  },
};

/** oclif asks at each start whether this is Windows' Linux; the package that knows also brings all of PowerShell's paths. */
const OCLIF_ASKS_FOR_WSL_ALONE = standIn(
  'wsl-utils',
  [
    "export { default as isWsl } from 'is-wsl';",
    "export const powerShellPath = async () => (await import('powershell-utils')).powerShellPath();",
  ].join('\n'),
);

/** oclif sorts the commands by the rules of the user's language, and to load those takes half as long as Node's own start. */
const OCLIF_SORTS_BY_CODE = patch('oclif-sorts-by-code', {
  filter: /@oclif[\\/]core[\\/]lib[\\/]config[\\/]plugin\.js$/,
  changes: [['a.id.localeCompare(b.id)', '(a.id < b.id ? -1 : 1)']],
});

/** Ink's layout has its WebAssembly in a data URL. To fetch that loads Node's web API, which takes longer than all else before the first frame. */
const LAYOUT_WITHOUT_FETCH = patch('layout-without-fetch', {
  filter: /yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/,
  changes: [[/"function"!=typeof fetch/g, 'true']],
});

/** As string-width writes it. */
const EMOJI = String.raw`/^\p{RGI_Emoji}$/v`;

/** Each emoji of the set is shown as one by itself or by the selector U+FE0F (UTS #51, ED-27); to compile the set takes 25 ms. */
const EMOJI_WHEN_MET = patch('emoji-when-met', {
  filter: /string-width[\\/]index\.js$/,
  // oclif's older one has no such set.
  only: 'RGI_Emoji',
  changes: [
    [`const rgiEmojiRegex = ${EMOJI};`, 'let rgiEmojiRegex;'],
    [
      'rgiEmojiRegex.test(segment)',
      String.raw`(/[\p{Emoji_Presentation}\uFE0F]/u.test(segment) && (rgiEmojiRegex ??= ${EMOJI}).test(segment))`,
    ],
  ],
});

/** What runs are loaded with only when they need it, by the name of its file in `dist/later`. What draws is nine tenths of it. */
export const LOADED_LATER: Record<string, string> = {
  'src/report/asking/prompts.tsx': 'prompts',
  'src/report/progress/live-reporter.tsx': 'live-reporter',
  'src/report/progress/forward-table.tsx': 'forward-table',
  'src/report/results/error-screen.ts': 'error-screen',
  'src/adapters/keyring/passphrase-store.ts': 'passphrase-store',
  'src/adapters/files/settings-store.ts': 'settings-store',
  'src/adapters/helm/releases.ts': 'releases',
  'src/adapters/held-connection/open-holder.ts': 'open-holder',
  'src/adapters/files/text-file.ts': 'text-file',
  'node_modules/@kubernetes/client-node/dist/config.js': 'kubernetes-config',
};

/** The bundles of one file that others go on with. */
const ENTRIES: Record<string, string> = {
  'src/cli/front/run-plain.ts': 'run-plain',
  'src/cli/front/run-command-line.ts': 'command-line',
};

/** Leaves all of those to be found at run time. */
export function loadsLater(root: string): Plugin {
  return {
    name: 'loads-later',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, async ({ path: name, kind, pluginData, ...rest }) => {
        if (kind !== 'dynamic-import' || pluginData === 'asked') return undefined;
        const { path: file } = await builder.resolve(name, { kind, ...rest, pluginData: 'asked' });
        const local = path.relative(root, file).replaceAll('\\', '/');
        const entry = ENTRIES[local];
        if (entry !== undefined) return { path: `./${entry}.js`, external: true };
        const out = LOADED_LATER[local];
        return out === undefined ? undefined : { path: `./later/${out}.js`, external: true };
      });
    },
  };
}

export const PLUGINS: Plugin[] = [
  ...CLIENT_PLUGINS,
  WITHOUT_API_CLASSES,
  OCLIF_LOADS_LATER,
  OCLIF_ASKS_FOR_WSL_ALONE,
  OCLIF_SORTS_BY_CODE,
  LAYOUT_WITHOUT_FETCH,
  EMOJI_WHEN_MET,
];
