/**
 * Renders every permutation into a folder, one file each, for the checkers.
 *
 * Usage: write-permutations FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CHART, PUBLIC_KEY, run } from './helm.ts';
import { PERMUTATIONS } from './permutations.ts';

/** What an operator sets in production, and what the checkers ask of one: an image that nobody can replace. */
const PINNED = { image: { digest: `sha256:${'0'.repeat(64)}`, pullPolicy: 'Always' }, authorizedKeys: [PUBLIC_KEY] };

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: write-permutations FOLDER');
mkdirSync(folder, { recursive: true });
for (const { name, values } of PERMUTATIONS) {
  const args = ['template', 'ws-dev', CHART, '--namespace', 'team', '--kube-version', '1.37.2', '--values', '-'];
  writeFileSync(
    path.join(folder, `${name.replaceAll(' ', '-')}.yaml`),
    await run('helm', args, { ...PINNED, ...values }),
  );
}
