#!/usr/bin/env node
// Node 20.16 and newer have it. ws is made for 22.12 and newer, and says so itself where it can run.
if (process.getBuiltinModule === undefined) {
  process.stderr.write(`✗ ws needs Node 22.12 or newer, and this is Node ${process.versions.node}\n`);
  process.exit(3);
}
// By this way and not by `import`, which would evaluate all that these modules can do.
const { existsSync } = process.getBuiltinModule('node:fs');
const module = process.getBuiltinModule('node:module');
const { fileURLToPath } = process.getBuiltinModule('node:url');

// Compiled code of the last run, so that this one need not compile it again.
module.enableCompileCache?.();
const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('ws is not built yet. Try: npm run build\n');
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
await (await import(main.href)).main(root);
