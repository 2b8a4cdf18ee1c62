/**
 * Changes in files of other people's packages on their way into the app. Each measures 5 ms or more of what people wait
 * for every day, has a page in docs/decisions that offers it to its package, and is of a package that package.json
 * pins.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

interface Patch {
  name: string;
  /** Of the file that is changed. */
  filter: RegExp;
  change(source: string): string | undefined;
}

/** A plugin that makes the change. The build fails where it no longer fits: the package does it in another way now. */
function patch({ name, filter, change }: Patch): Plugin {
  return {
    name,
    setup(builder) {
      let isMet = false;
      builder.onLoad({ filter }, async ({ path: file }) => {
        isMet = true;
        const source = await readFile(file, 'utf8');
        const contents = change(source);
        if (contents === undefined || contents === source)
          throw new Error(`${file} has changed: look at the patch ${name}`);
        return { contents };
      });
      builder.onEnd(() => {
        if (!isMet) throw new Error(`Nothing is patched by ${name} any more`);
      });
    },
  };
}

/** oclif sorts the commands by the rules of the user's language, whose tables take 6 ms of each command to load. */
const OCLIF_SORTS_BY_CODE = patch({
  name: 'oclif-sorts-by-code',
  filter: /@oclif[\\/]core[\\/]lib[\\/]config[\\/]plugin\.js$/,
  change: (source) => source.replace('a.id.localeCompare(b.id)', '(a.id < b.id ? -1 : 1)'),
});

/** Ink's layout fetches its WebAssembly from a data URL, and Node's `fetch` takes 25 ms of the first frame to load. */
const LAYOUT_WITHOUT_FETCH = patch({
  name: 'layout-without-fetch',
  filter: /yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/,
  change: (source) => source.replaceAll('"function"!=typeof fetch', 'true'),
});

/**
 * ssh2 and ws load Node's compression, and `ws` never compresses (`algorithms.ts`, `pod-stream.ts`). Loaded with the
 * first compressed connection instead, it no longer takes 5 ms of each `ws ssh`.
 */
const COMPRESSION_WHEN_USED = [
  patch({
    name: 'ws-compression-when-used',
    filter: /[\\/]ws[\\/]lib[\\/]permessage-deflate\.js$/,
    change: (source) => {
      const [load] = /^const zlib = require\('zlib'\);$/m.exec(source) ?? [];
      return load && source.replace(load, '').replaceAll(/\bzlib\.(?=\w+[,(]|Z_)/g, "require('zlib').");
    },
  }),
  patch({
    name: 'ssh2-compression-when-used',
    filter: /ssh2[\\/]lib[\\/]protocol[\\/]zlib\.js$/,
    change: (source) => {
      const [head, names = '', handle] =
        /^const (\{\n  createInflate,[^]*?\n\}) = require\('zlib'\);\nconst ZlibHandle = (.*);$/m.exec(source) ?? [];
      const variables = ['ZlibHandle', 'createInflate', ...names.matchAll(/\b[A-Z]\w+/g)].join(', ');
      const load = `let ${variables};\nfunction load() { (${names} = require('zlib')); ZlibHandle = ${handle}; }`;
      return head && source.replace(head, load).replaceAll('this._zlib = new', 'load();\n    this._zlib = new');
    },
  }),
];

/**
 * Packages that package.json pins: those of these patches, and those of which files are imported by their own names.
 */
export const PATCHED = ['@oclif/core', 'yoga-layout', 'ws', 'ssh2', 'prom-client'];

export const PATCHES: Plugin[] = [OCLIF_SORTS_BY_CODE, LAYOUT_WITHOUT_FETCH, ...COMPRESSION_WHEN_USED];
