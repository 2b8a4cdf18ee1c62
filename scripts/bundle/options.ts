/** What all bundles have in common. The image's build needs this file, and neither of the other two here. */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * Node's own modules without `import`, which reads every export of one, the lazy ones too: `node:http` then loads a
 * second HTTP client. It takes 17 ms of each command that asks the cluster.
 */
const BUILTINS: Plugin = {
  name: 'builtins',
  setup(builder) {
    builder.onResolve({ filter: /.*/ }, ({ path: name, kind, importer }) => {
      if (!isBuiltin(name) || kind !== 'import-statement') return undefined;
      // One for each file that imports it: what several share would become a chunk.
      const suffix = `?${path.relative(ROOT, importer).replaceAll(/[\\/]/g, '|')}`;
      return { path: name, suffix, namespace: 'builtin', sideEffects: false };
    });
    builder.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({ contents: toModule(name) }));
  },
};

/** What is not imported from it is not in the bundle. */
function toModule(name: string): string {
  const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter((key) => key !== 'default');
  return [
    `const whole = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(name)});`,
    'export default whole;',
    ...names.map(
      (key) => `const its_${key} = /* @__PURE__ */ (() => whole.${key})(); export { its_${key} as ${key} };`,
    ),
  ].join('\n');
}

/** Bundled CommonJS packages call `require` and `__dirname`, which an ES module does not have by itself. */
const COMMONJS_BRIDGE = [
  "const require = globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url);",
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

export const COMMON: BuildOptions & { plugins: Plugin[] } = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  // Not in the bundles, which every start reads: in the file of licences beside them.
  legalComments: 'external',
  metafile: true,
  minifySyntax: true,
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: { js: COMMONJS_BRIDGE },
  plugins: [BUILTINS],
  logLevel: 'warning',
};
