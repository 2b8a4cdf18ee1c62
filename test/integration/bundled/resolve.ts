/** For programs that a test starts, by `node --import`: a source file is the one that was bundled of it. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { BUNDLED, SOURCE } from './folders.ts';

const [from, to] = [SOURCE, BUNDLED].map((folder) => `${pathToFileURL(folder)}/`) as [string, string];

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (!found.url.startsWith(from)) return found;
    return { ...found, url: found.url.replace(from, to).replace(/\.tsx?$/, '.js'), format: 'module' };
  },
});
