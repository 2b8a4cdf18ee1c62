/** Lets V8 compile bundled packages with the file that they are in, so that Node's compile cache has their code. */
import MagicString from 'magic-string';
import { parseSync, Visitor } from 'oxc-parser';

/**
 * esbuild puts each CommonJS package into a method, `__commonJS({ "file"(exports, module) { … } })`, and V8 compiles a
 * method when it is called: with every start, since the cache is written before. V8 compiles a function in parentheses
 * with the file (https://v8.dev/blog/preparser#pife).
 */
export function compileWithFile(name: string, source: string): string {
  const text = new MagicString(source);
  new Visitor({
    CallExpression({ callee, arguments: [holder] }) {
      if (callee.type !== 'Identifier' || !/^__(?:commonJS|esm)/.test(callee.name)) return;
      const method = holder?.type === 'ObjectExpression' ? holder.properties[0] : undefined;
      if (method?.type !== 'Property' || !method.method) return;
      text.appendLeft(method.key.end, ':(function').appendLeft(method.end, ')');
    },
  }).visit(parseSync(name, source).program);
  return text.toString();
}
