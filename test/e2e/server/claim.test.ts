/** A home on a claim over the releases of its life. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
let release: Release;
const claim = (values: object) => ({ home: { type: 'claim', storageClass: 'ws-retain', size: '1Gi', ...values } });

beforeAll(async () => {
  stage = new Stage('claim');
  release = stage.release('ws-claim');
  await release.apply(claim({}));
});
afterAll(() => stage?.[Symbol.dispose]());

/** Helm's own words when it refuses. */
async function refusal(values: Record<string, unknown>): Promise<string> {
  return release.apply(values).then(
    () => 'accepted',
    (error: { stderr?: string; message: string }) => error.stderr ?? error.message,
  );
}

it('N3M9-PERSIST J1X6-LIMIT R7P4-STORAGE: a used home is left as it is; its claim grows, never shrinks and keeps its class', async () => {
  expect(
    release.ssh('echo mine >> .bashrc; rm .profile; mkdir lost+found; umask 077; mkdir .ssh; echo x > .ssh/note'),
  ).toMatchObject({
    status: 0,
  });
  const before = release.ssh('ls -lA; cat .bashrc').stdout;
  release.uninstall();
  await release.apply(claim({}));
  expect(release.ssh('ls -lA; cat .bashrc').stdout).toBe(before);
  expect(release.log().find(({ event }) => event === 'home.prepared')).toMatchObject({ kind: 'claim', filled: false });

  await release.apply(claim({ size: '2Gi' }));
  const size = () =>
    release.kubectl(['get', 'pvc', 'ws-claim-home', '-o', 'jsonpath={.spec.resources.requests.storage}']);
  expect(size()).toBe('2Gi');
  expect(release.ssh('tail -n 1 .bashrc').stdout).toBe('mine\n');
  expect(await refusal(claim({ size: '1Gi' }))).toContain(
    'home.size is 1Gi but claim ws-claim-home has 2Gi already, and a claim cannot shrink; set home.size to 2Gi or more',
  );
  expect(size()).toBe('2Gi');

  expect(await refusal(claim({ storageClass: 'ws-local', size: '2Gi' }))).toContain(
    'home.storageClass is "ws-local" but claim ws-claim-home has class "ws-retain"',
  );
  // Unset is what the claim has.
  await release.apply({ home: { type: 'claim' } });
  expect(release.ssh('tail -n 1 .bashrc').stdout).toBe('mine\n');
});

it('Q1P4-HEALTH: an orderly end takes nobody in, and gives programs the time to save their work', async () => {
  const editor = "trap 'sleep 3; echo editor >> saved; exit' HUP; echo open; sleep 300 & wait";
  const daemon = "trap '' HUP; trap 'sleep 2; echo daemon >> saved; exit' TERM; sleep 300 & wait";
  release.ssh(`setsid bash -c "${daemon}" > /dev/null 2>&1 < /dev/null & sleep 0.5`);
  const session = stage.keep(release.open(['-tt', release.address, editor]));
  await new Promise((resolve) => session.stdout?.once('data', resolve));
  const { pod } = release;
  release.kubectl(['delete', 'pod', pod, '--wait=false']);
  await new Promise((resolve) => session.once('close', resolve));
  // kubectl may leave a connection to a pod that ends without an answer, and OpenSSH waits for ever by itself.
  expect(release.ssh('echo in', { more: ['-o', 'ConnectTimeout=20'] }).status).toBe(255);
  await eventually(
    () => release.pod,
    (name) => name !== '' && name !== pod,
  );
  // The next pod may be ready before this one has ended.
  release.kubectl(['wait', '--for=delete', `pod/${pod}`, '--timeout=40s']);
  release.kubectl(['rollout', 'status', 'deployment/ws-claim', '--timeout=60s']);
  await release.connect();
  expect(release.ssh('sort saved; rm saved').stdout).toBe('daemon\neditor\n');
});

it('M4J7-BREW J1X6-LIMIT: a compiler and a virtual environment work in the home, with the root file system read-only', () => {
  const script = [
    'set -e',
    'printf \'#include <cstdio>\\nint main() { puts("compiled"); }\\n\' > a.cc && c++ -O1 a.cc -o a && ./a',
    'python3 -m venv v && v/bin/python -c \'print("isolated")\'',
    'touch /usr/x 2>&1 || true',
  ].join('\n');
  expect(release.ssh('bash -s', { input: script }).stdout).toMatch(/^compiled\nisolated\n.*Read-only file system\n$/);
});

it("M4J7-BREW: brew comes from Homebrew's own source unless told otherwise, and says so where that cannot be reached", () => {
  const done = release.ssh('brew --version');
  if (done.status === 0) return expect(done.stdout).toMatch(/^Homebrew \d/);
  expect(done).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('brew: Homebrew could not be fetched\n  From: https://github.com/Homebrew/brew\n'),
  });
  process.stdout.write("Homebrew's own source cannot be reached from here; a git remote of the home's stands for it\n");
});

it('F7C8-METRICS J1X6-LIMIT: memory, limit and home are measured where the pod is', async () => {
  expect(release.metric('ws_memory_limit_bytes')).toBe(4 * 2 ** 30);
  const before = release.metric('ws_cpu_seconds_total');
  // Until it has used two seconds, however long a busy machine takes for them.
  release.ssh("sh -c 'ulimit -t 2; while :; do :; done'");
  await eventually(
    () => release.metric('ws_cpu_seconds_total') - before,
    (spent) => spent > 1,
  );
  const received = () => release.metric('ws_network_receive_bytes_total{interface="lo"}');
  const start = received();
  release.ssh('cat > /dev/null', { input: 'x'.repeat(2 ** 20) });
  expect(received() - start).toBeGreaterThan(2 ** 20);
  expect(release.metric('ws_home_used_bytes') + release.metric('ws_home_free_bytes')).toBeLessThanOrEqual(
    release.metric('ws_home_size_bytes'),
  );
});

it("N3M9-PERSIST: a home of 0.1, at the volume's root, comes up with its paths, and gets a folder when it is asked for", async () => {
  const old = stage.release('ws-old');
  await old.apply(claim({}));
  const restart = async () => {
    old.kubectl(['rollout', 'restart', 'deployment/ws-old']);
    old.kubectl(['rollout', 'status', 'deployment/ws-old', '--timeout=60s']);
    await old.connect();
  };
  const asBefore = [
    'cd / && shopt -s dotglob && mv /home/developer/* /home/ && rm -r /home/developer /home/linuxbrew /home/.ws-home',
    'mkdir -p /home/.linuxbrew/bin && echo tool > /home/.linuxbrew/bin/tool && echo mine > /home/note',
    'mkdir /home/closed && chmod 500 /home/closed',
  ];
  expect(old.ssh(asBefore.join(' && '))).toMatchObject({ status: 0 });
  await restart();
  const look = 'pwd; cat ~/note ~/.linuxbrew/bin/tool /home/linuxbrew/.linuxbrew/bin/tool';
  expect(old.ssh(`readlink ~; ${look}`).stdout).toBe('.\n/home/developer\nmine\ntool\ntool\n');
  expect(old.ssh('bash -lc pwd; cd / && bash -c pwd').stdout).toBe('/home/developer\n/\n');
  old.ssh('touch /home/.ws-gather');
  await restart();
  expect(old.ssh(`${look}; stat -c "%U %a" ~ closed; git init -q && git status --short | grep note`).stdout).toBe(
    '/home/developer\nmine\ntool\ntool\ndeveloper 750\ndeveloper 500\n?? note\n',
  );
});
