/** Lets V8 compile functions with the file that they are in, so that Node's compile cache has their code. */
import MagicString from 'magic-string';
import {
  type ArrowFunctionExpression,
  type Function as FunctionNode,
  type Node,
  type ObjectProperty,
  type Program,
  parseSync,
  Visitor,
} from 'oxc-parser';

/**
 * Node fills its cache before a file runs, and V8 compiles most functions when they are called: with every start. A
 * plain function in parentheses it compiles with the file (https://v8.dev/blog/preparser#pife).
 *
 * `packages`: only the methods into which esbuild puts each CommonJS package, `__commonJS({ "file"(exports, module) { …
 * } })`. `functions`: all but the methods of classes and what is async. That is for files of which most runs call most:
 * to read the code of the others takes longer than it saves.
 */
export function compileWithFile(name: string, source: string, what: 'packages' | 'functions'): string {
  const text = new MagicString(source);
  const { program } = parseSync(name, source);
  if (what === 'packages') wrapPackages(text, program);
  else wrapFunctions(text, program);
  return text.toString();
}

function wrapPackages(text: MagicString, program: Program): void {
  new Visitor({
    CallExpression({ callee, arguments: [holder] }) {
      if (callee.type !== 'Identifier' || !/^__(?:commonJS|esm)/.test(callee.name)) return;
      const method = holder?.type === 'ObjectExpression' ? holder.properties[0] : undefined;
      if (method?.type === 'Property' && method.method) wrapMethod(text, method);
    },
  }).visit(program);
}

function wrapFunctions(text: MagicString, program: Program): void {
  const methods = new Set<unknown>();
  const wrap = (node: FunctionNode | ArrowFunctionExpression) => {
    if (!methods.has(node)) text.prependRight(node.start, '(').appendLeft(node.end, ')');
    if (node.body?.type === 'BlockStatement') declareFirst(text, node.body.body, node.body.start + 1);
  };
  new Visitor({
    Program: ({ body }) => declareFirst(text, body, 0),
    MethodDefinition: ({ value }) => void methods.add(value),
    Property(property) {
      if (property.method || property.kind !== 'init') methods.add(property.value);
      if (property.method) wrapMethod(text, property);
    },
    FunctionDeclaration({ body }) {
      if (body) declareFirst(text, body.body, body.start + 1);
    },
    FunctionExpression: wrap,
    ArrowFunctionExpression: wrap,
  }).visit(program);
}

/** Only an expression can stand in parentheses. It must stand first, because a declaration counts from there. */
function declareFirst(text: MagicString, statements: readonly Node[], start: number): void {
  const directives = statements.filter((statement) => 'directive' in statement && statement.directive);
  const at = directives.at(-1)?.end ?? start;
  for (const statement of statements) {
    if (statement.type !== 'FunctionDeclaration' || statement.id === null) continue;
    const { start: from, end, id } = statement;
    // Without its own name, which a function may give away.
    text.remove(id.start, id.end).prependRight(from, `var ${id.name}=(`).appendLeft(end, ');');
    if (from > at) text.move(from, end, at);
  }
}

/** `super` means something in a method alone. */
function wrapMethod(text: MagicString, { value, end }: ObjectProperty): void {
  const { start } = value;
  const isPlain = value.type === 'FunctionExpression' && !value.async && !value.generator;
  if (isPlain && !/\bsuper\b/.test(text.original.slice(start, end)))
    text.prependRight(start, ':(function').appendLeft(end, ')');
}
