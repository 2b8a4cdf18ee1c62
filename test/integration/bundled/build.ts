/**
 * Bundles every source file for itself, as the app's bundle has it: with the same changes in other people's packages.
 * Tests and the programs that they start then import those files instead of the sources (vitest.config.ts, resolve.ts).
 */
import { globSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { APP } from '../../../scripts/bundle/app.ts';
import { ROOT } from '../../../scripts/bundle/options.ts';
import { BUNDLED } from './folders.ts';

export default async function setup(): Promise<void> {
  rmSync(BUNDLED, { recursive: true, force: true });
  await build({
    ...APP,
    entryPoints: globSync('src/{adapters,cli,contract,operations,report,workspace}/**/*.{ts,tsx}', { cwd: ROOT }),
    outbase: 'src',
    outdir: BUNDLED,
    legalComments: 'none',
    define: { ...APP.define, WS_APP_VERSION: '"0.0.0"' },
  });
}
