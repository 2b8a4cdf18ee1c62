/** Helm 3 does not know a flag that Helm 4 needs, and `ws` starts before it knows which of them it has. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHelm } from '../../../src/adapters/helm/releases.ts';
import { findToolchain } from '../../chart/helm.ts';

const NEVER = new AbortController().signal;
const OPTIONS = { valuesFiles: [], createNamespace: false, after: 0 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-helm-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The real Helm reads the flags and says what it thinks of them; where it would ask a cluster, it is said to be done.
 */
function open(helm: string) {
  const program = path.join(folder, 'helm');
  const judge = `said=$("${path.join(findToolchain(), helm)}" "$@" --kube-apiserver http://127.0.0.1:1 </dev/null 2>&1 >/dev/null)`;
  writeFileSync(
    program,
    `#!/bin/sh
echo "$*" >> ${folder}/calls
case "$1" in version) exec ${path.join(findToolchain(), helm)} "$@";; esac
cat > /dev/null
${judge}
case "$said" in *"unknown flag"*) echo "$said" >&2; exit 1;; esac
echo '{"version": 2}'
`,
  );
  chmodSync(program, 0o755);
  return openHelm({ environment: process.env, chartPath: path.resolve('chart'), namespace: 'team', helm: program });
}

const calls = () => readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n');

describe.each(['helm', 'helm3'])('%s', (helm) => {
  it('installs where nobody has asked for its version', async () => {
    expect(await open(helm).apply('ws-dev', {}, OPTIONS, NEVER)).toMatchObject({ revision: 2 });
  });

  it('installs where somebody asks while it has begun, as a look at what would change does', async () => {
    const releases = open(helm);
    const { promise, resolve } = Promise.withResolvers<object>();
    const applying = releases.apply('ws-dev', promise, OPTIONS, NEVER);
    applying.catch(() => undefined);
    await releases.getVersion(NEVER);
    resolve({});
    expect(await applying, calls().join('\n')).toMatchObject({ revision: 2 });
  });

  it('installs where somebody asked before, and at once', async () => {
    const releases = open(helm);
    await releases.getVersion(NEVER);
    await releases.apply('ws-dev', {}, OPTIONS, NEVER);
    expect(calls().map((line) => line.split(' ')[0])).toEqual(['version', 'upgrade']);
  });
});
