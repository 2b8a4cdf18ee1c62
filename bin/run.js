#!/usr/bin/env node
// Judged before anything is loaded: what an older Node lacks would end as a fault of ws.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
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
