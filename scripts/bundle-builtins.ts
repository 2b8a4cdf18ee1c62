/** How bundles come by Node's own modules. A file of its own because the image's build needs it, and none of the other plugins. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { isLegalFile } from './provenance/bundled-packages.ts';

/**
 * Node's own modules without `import`, which evaluates each export of one, the lazy ones too: `node:http` then loads a second
 * HTTP client and its web API, a tenth of a second that nobody asked for. What is imported is taken out by its name, and no
 * file of its own is made for what several share.
 */
export const BUILTINS_BY_NAME: Plugin = {
  name: 'builtins-by-name',
  setup(builder) {
    builder.initialOptions.write = false;
    builder.onResolve({ filter: /.*/ }, ({ path: name, kind }) =>
      isBuiltin(name) && kind === 'import-statement' ? { path: name, external: true } : undefined,
    );
    builder.onEnd(({ outputFiles = [] }) => {
      for (const { path: file, text } of outputFiles) {
        if (isLegalFile(file)) continue;
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text.replace(IMPORT, toDestructuring));
      }
    });
  },
};

/** As esbuild writes it when it leaves out white space. */
const IMPORT = /(?<![\w$."'`])import ?([\w$*{][^"'`;()]*?) ?from ?"([^"]+)";/g;

/** `import a, { b as c } from "node:x"` as what it comes to for a module whose exports stay as they are. */
function toDestructuring(statement: string, imported: string, name: string): string {
  if (!isBuiltin(name)) return statement;
  const source = `globalThis.process.getBuiltinModule(${JSON.stringify(name)})`;
  const [, whole, names] = /^(?:(?:\* ?as )?([\w$]+))? ?,? ?(\{.*\})?$/s.exec(imported) ?? [];
  if (whole === undefined && names === undefined) throw new Error(`esbuild imports in another way now: ${statement}`);
  return [whole, names?.replace(/ ?\bas\b ?/g, ':')]
    .filter((target) => target !== undefined)
    .map((target) => `const ${target}=${source};`)
    .join('');
}

/**
 * The same for bundles of one file, in which a module is run when it is first needed: so are Node's own with it. `used` has
 * the names that are imported of each, see `findBuiltinImports`.
 */
export function builtinsWhenUsed(used: Map<string, Set<string>>): Plugin {
  return {
    name: 'builtins-when-used',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, ({ path: name, kind }) =>
        isBuiltin(name) && kind === 'import-statement' ? { path: name, namespace: 'builtin' } : undefined,
      );
      builder.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
        contents: [
          `const whole = globalThis.process.getBuiltinModule(${JSON.stringify(name)});`,
          'export default whole;',
          `export const { ${[...(used.get(name) ?? [])].join(', ')} } = whole;`,
        ].join('\n'),
      }));
    },
  };
}

/** What a bundle imports of Node's own modules, by its text. */
export function findBuiltinImports(texts: string[]): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const text of texts)
    for (const [, imported = '', name = ''] of text.matchAll(IMPORT)) {
      const names = /\{(.*)\}/s.exec(imported)?.[1]?.split(',') ?? [];
      for (const entry of names) {
        const [original = ''] = entry.trim().split(' as ');
        if (isBuiltin(name) && original !== '') used.set(name, (used.get(name) ?? new Set()).add(original));
      }
    }
  return used;
}
