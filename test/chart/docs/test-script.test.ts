/** The script of `helm test`, without a workspace. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pick, render } from '../helm.ts';

/** What the script says if `curl` does this. */
async function runScript(curl: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-helm-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ curl, ssh: 'exit 1' })) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  const script: string = pick(await render(), 'Pod', 'ws-dev-test').spec.containers[0].args[0];
  execFileSync('bash', ['-n', '-c', script]);
  const { PATH } = process.env;
  const env = { PATH: `${folder}:${PATH}`, WS_DEV_SERVICE_HOST: '127.0.0.1' };
  return spawnSync('bash', ['-uc', script], { env, encoding: 'utf8', timeout: 20_000 });
}

test('a workspace without a pod fails at the first silence, with what starts it and what shows the reason', async () => {
  const { status, stdout } = await runScript('exit 7');
  expect(status).toBe(1);
  expect(stdout.match(/^FAIL .*$/gm)).toEqual(['FAIL Q1P4-HEALTH ready']);
  expect(stdout).toContain('kubectl --namespace default scale deployment/ws-dev --replicas=1');
  // The pod may as well be there, and end again and again.
  expect(stdout.slice(stdout.indexOf('Otherwise')).trimEnd().split('\n')).toEqual([
    'Otherwise these show why it does not come up:',
    '  kubectl --namespace default describe deployment,replicaset,pod,pvc --show-events --selector app.kubernetes.io/name=ws-workspace,app.kubernetes.io/instance=ws-dev',
    '  kubectl --namespace default logs deploy/ws-dev',
  ]);
});

test('one that answers, but is not ready, is checked to the end', async () => {
  // As curl does with --fail.
  const { status, stdout } = await runScript('case $* in *-fs*) exit 22 ;; esac');
  expect(status).toBeGreaterThan(5);
  expect(stdout).not.toContain('scale deployment');
});
