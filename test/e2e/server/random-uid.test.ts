/**
 * A pod as OpenShift's `restricted-v2` makes one: a UID that no image knows, the root group, and a group for the
 * volumes.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

const UID = 1_000_680_000;

let stage: Stage;
let release: Release;

beforeAll(async () => {
  stage = new Stage('random');
  release = stage.release('ws-random');
  await release.apply({ user: { name: 'anybody', uid: null, gid: null }, home: { type: 'claim', size: '1Gi' } });
  // The image's own UID made it, which under that constraint no pod ever has.
  release.ssh('cd / && rm -rf /home/anybody /home/linuxbrew /home/.ws-home');
  // What that constraint's admission would have written into the pod.
  const spec = { securityContext: { runAsUser: UID, fsGroup: UID } };
  stage.kubectl(['patch', 'deployment', release.name, '-p', JSON.stringify({ spec: { template: { spec } } })]);
  stage.kubectl(['rollout', 'status', `deployment/${release.name}`, '--timeout=60s']);
  await release.connect();
});
afterAll(() => stage?.[Symbol.dispose]());

it('Z2S7-UID A9T3-GID G8W5-USERNAME: has the name of the values, whatever its number', () => {
  expect(release.ssh('id -un; id -u; id -g; id -G; echo ~; getent passwd root | cut -d: -f3').stdout).toBe(
    `anybody\n${UID}\n0\n0 ${UID}\n/home/anybody\n0\n`,
  );
});

it('V5Q3-HOME: owns its home, which is closed to others', () => {
  expect(release.ssh('stat -c "%u %a" ~').stdout).toBe(`${UID} 750\n`);
});

it('X2K7-RESTRICT: holds no right more than any other', () => {
  expect(release.ssh('grep -E "^Cap(Prm|Eff|Bnd|Amb)" /proc/self/status | cut -f2 | sort -u').stdout).toBe(
    '0000000000000000\n',
  );
  for (const file of [
    '/etc/passwd',
    '/etc/group',
    '/etc/x',
    '/opt/ws/supervisor.mjs',
    '/run/secrets/ws/host-key/ssh_host_key',
  ])
    expect(release.ssh(`: >> ${file}`).status, file).not.toBe(0);
});

it('M4J7-BREW V5Q3-HOME: writes its home and the prefix of Homebrew, and finds what it installs', () => {
  const install =
    'mkdir -p ~/.local/bin /home/linuxbrew/.linuxbrew/bin && for at in ~/.local/bin/mine /home/linuxbrew/.linuxbrew/bin/ours; do printf "#!/bin/sh\\necho $(basename $at)\\n" > $at && chmod +x $at; done';
  expect(release.ssh(install)).toMatchObject({ status: 0, stderr: '' });
  expect(release.ssh('mine; ours; ls -A ~').stdout).toMatch(/^mine\nours\n[\s\S]*\.bashrc/);
});
