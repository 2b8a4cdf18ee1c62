/** Changes in a package's own files on their way into a bundle. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

export interface Patch {
  /** Of the files that are changed. */
  filter: RegExp;
  /** Only in those that hold this. */
  only?: string;
  /** What is replaced, and by what. Each must be there: else the package does it in another way now. */
  changes: [string | RegExp, string][];
}

/** A plugin that makes the changes. The build fails where one of them no longer fits. */
export function patch(name: string, { filter, only = '', changes }: Patch): Plugin {
  return {
    name,
    setup(builder) {
      builder.onLoad({ filter }, async ({ path: file }) => {
        let contents = await readFile(file, 'utf8');
        if (!contents.includes(only)) return undefined;
        for (const [before, after] of changes) {
          const changed = contents.replace(before, after);
          if (changed === contents) throw new Error(`${file} is another one now: look at the patch ${name}`);
          contents = changed;
        }
        return { contents };
      });
    },
  };
}
