import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { eventually, Release, run } from './release.ts';

let place: TestNamespace;
let release: Release;
const ALICE = { user: { name: 'alice', uid: 54321, gid: 54321 } };
const CLAIM = {
  ...ALICE,
  home: { type: 'claim', storageClass: 'ws-retain', size: '1Gi' },
  extraCaCertificates: { pem: readBundle() },
};

beforeAll(async () => {
  place = makeNamespace('op-home');
  release = new Release(place.name, 'ws-alice');
  await release.apply(CLAIM);
});

afterAll(() => {
  release.dispose();
  place[Symbol.dispose]();
});

describe('a home on a volume', () => {
  it('R7P4-STORAGE V5Q3-HOME: the claim is bound through the class of the values', () => {
    const claim = JSON.parse(release.kubectl(['get', 'pvc', 'ws-alice-home', '-o', 'json']));
    expect(claim).toMatchObject({
      spec: { storageClassName: 'ws-retain', resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Bound' },
    });
  });

  it('Y4F1-USER G8W5-USERNAME Z2S7-UID A9T3-GID: alice, 54321 and 54321 by values', () => {
    expect(release.ssh('id; echo ~; touch note && stat -c %U:%G note').stdout).toBe(
      'uid=54321(alice) gid=54321(alice) groups=54321(alice)\n/home/alice\nalice:alice\n',
    );
  });

  it("V5Q3-HOME: the home is its user's and closed, and what is copied into it ends well", () => {
    expect(release.ssh('stat -c "%U:%G %a" ~; readlink /home/.ws-home').stdout).toBe('alice:alice 750\nalice\n');
    const copy = 'mkdir -p /tmp/s && touch /tmp/s/copied && tar c -C /tmp/s . | tar x';
    expect(release.ssh(`set -o pipefail; ${copy} && git init -q && git status --short | grep -c copied`)).toMatchObject(
      {
        status: 0,
        stdout: '1\n',
      },
    );
    release.ssh('rm -rf .git copied; chmod 750 ~');
  });

  it('J1X6-LIMIT: /dev/shm holds what a browser needs', () => {
    expect(
      release.ssh('dd if=/dev/zero of=/dev/shm/x bs=1M count=200 2>&1; rm /dev/shm/x; df -m /dev/shm'),
    ).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/ 1024 [^\n]*\/dev\/shm\n$/),
    });
  });

  it('M4J7-BREW N3M9-PERSIST R8N9-REUSE: npm, pip, uv and brew install into the home without privilege; home, host key and tools outlive the release', async () => {
    const installs = [
      ['npm install --global --silent --no-audit --no-fund is-odd@3 && ls ~/.local/lib/node_modules', 'is-odd'],
      ['pip install --quiet --user cowsay==6.1 && cowsay -t moo', 'moo'],
      ['uv tool install --quiet pycowsay==0.0.0.2 && pycowsay moo', 'moo'],
    ] as const;
    for (const [command, seen] of installs) {
      const done = release.ssh(command);
      expect(done.status, `${command}\n${done.stderr}`).toBe(0);
      expect(done.stdout).toContain(seen);
    }

    const remote =
      'mkdir -p src/bin && cd src && printf \'#!/bin/bash\\necho brew-in $(dirname "$(dirname "$(readlink -f "$0")")") "$@"\\n\' > bin/brew && chmod +x bin/brew && git init -q && git add . && git -c user.name=t -c user.email=t@t commit -qm one';
    expect(release.ssh(remote)).toMatchObject({ status: 0 });
    const first = release.ssh('HOMEBREW_BREW_GIT_REMOTE=file://$HOME/src brew --version');
    expect(first, first.stderr).toMatchObject({
      status: 0,
      stdout: 'brew-in /home/linuxbrew/.linuxbrew/Homebrew --version\n',
    });
    expect(first.stderr).toContain('once per home');
    expect(release.ssh('command -v brew; cd /home/linuxbrew/.linuxbrew && pwd -P').stdout).toBe(
      '/home/linuxbrew/.linuxbrew/bin/brew\n/home/linuxbrew/.linuxbrew\n',
    );

    release.ssh('echo mine > note');
    const key = release.hostKey;
    release.uninstall();
    expect(
      release
        .kubectl(['get', 'pvc,secret', '-l', 'app.kubernetes.io/instance=ws-alice', '-o', 'name'])
        .trim()
        .split('\n')
        .toSorted(),
    ).toEqual(['persistentvolumeclaim/ws-alice-home', 'secret/ws-alice-host-key']);
    await release.apply(CLAIM);
    expect(release.hostKey).toBe(key);
    expect(release.ssh('cat note; cowsay -t still | grep -o still; brew x').stdout).toBe(
      'mine\nstill\nbrew-in /home/linuxbrew/.linuxbrew/Homebrew x\n',
    );
  });

  it('N3M9-PERSIST R8N9-REUSE: another release takes home and key by values', async () => {
    release.ssh('echo mine > note');
    const key = release.hostKey;
    const other = new Release(place.name, 'ws-other');
    other.hostKeySecret = 'ws-alice-host-key';
    const values = {
      ...ALICE,
      home: { type: 'existingClaim', existingClaim: 'ws-alice-home' },
      hostKey: { existingSecret: other.hostKeySecret },
    };
    // Another user gets the same files through a link.
    for (const user of [values.user, { ...values.user, name: 'bob' }])
      await expect(other.apply({ ...values, user })).rejects.toThrow(
        /release ws-alice runs with the same home in it, .* set home\.subPath to a folder of its own, or stop/,
      );
    release.uninstall();
    await other.apply(values);
    expect(other.hostKey).toBe(key);
    expect(other.ssh('cat note').stdout).toBe('mine\n');
    other.uninstall();
    other.dispose();
    await release.apply(CLAIM);
  });

  it('C6B2-SUBDIR: two workspaces live in two folders of one claim', async () => {
    release.uninstall();
    const pair = ['one', 'two'].map((name) => new Release(place.name, `ws-${name}`));
    for (const each of pair)
      await each.apply({
        ...ALICE,
        home: { type: 'existingClaim', existingClaim: 'ws-alice-home', subPath: `people/${each.name}` },
      });
    for (const each of pair) each.ssh(`echo ${each.name} > who`);
    for (const each of pair) {
      expect(each.ssh('cat who; ls note 2>&1').stdout).toMatch(new RegExp(`^${each.name}\n.*No such file`));
      each.uninstall();
      each.dispose();
    }
    await release.apply(CLAIM);
    expect(release.ssh('cat /home/people/ws-one/alice/who /home/people/ws-two/alice/who').stdout).toBe(
      'ws-one\nws-two\n',
    );
  });
});

describe('a home that is left aside by mistake', () => {
  const refusal = (values: object) => {
    const words = ['install', 'ws-again', release.chart, '--dry-run=server', '-f', '-'];
    try {
      return release.helm(words, JSON.stringify({ authorizedKeys: [release.publicKey], ...values }));
    } catch (error) {
      return String((error as { stderr: string }).stderr);
    }
  };

  it('R8N9-REUSE: a wrong class is mended as long as the claim is empty', () => {
    const again = new Release(place.name, 'ws-again');
    const home = (storageClass: string) => ({ type: 'claim', storageClass, size: '64Mi', subPath: 'mine' });
    const apply = (storageClass: string) =>
      again.helm(
        ['upgrade', '--install', again.name, again.chart, '-f', '-'],
        JSON.stringify({ authorizedKeys: [again.publicKey], home: home(storageClass) }),
      );
    apply('ws-retian');
    expect(() => apply('ws-retain')).toThrow(
      /has class "ws-retian".* not bound yet and holds nothing, so delete it with `kubectl --namespace \S+ delete pvc ws-again-home`/,
    );
    again.kubectl(['delete', 'pvc', 'ws-again-home']);
    apply('ws-retain');
    again.uninstall();
    again.dispose();
  });

  it('R8N9-REUSE V5Q3-HOME: an install that forgets the type or the folder is refused, and may insist', () => {
    expect(refusal({})).toContain('claim ws-again-home of an earlier release has the home, but home.type is emptyDir');
    expect(refusal({ home: { type: 'claim' } })).toContain('claim ws-again-home has the home in its folder mine');
    expect(refusal({ home: { type: 'claim', subPath: 'other' } })).toContain(
      'has the home in its folder mine, but home.subPath is other, so the home would be another one in that folder; set',
    );
    // The first install may have brought its host key along: then no Secret of the chart's own knows of the claim.
    release.kubectl(['delete', 'secret', 'ws-again-host-key']);
    expect(refusal({})).toContain('claim ws-again-home of an earlier release has the home, but home.type is emptyDir');
    for (const home of [{ ignoreKept: true }, { type: 'claim', ignoreKept: true }, { type: 'claim', subPath: 'mine' }])
      expect(refusal({ home })).toContain('kind: Deployment');
    release.kubectl(['annotate', 'pvc', 'ws-again-home', 'ws.dev/sub-path-']);
    expect(refusal({ home: { type: 'claim', subPath: 'other' } })).toContain(
      'has the home at its root, but home.subPath',
    );
    expect(refusal({ home: { type: 'claim' } })).toContain('kind: Deployment');
    release.kubectl(['delete', 'pvc', 'ws-again-home']);
    expect(refusal({})).toContain('kind: Deployment');
  });

  it('L6H3-KEYAUTH: the notes say which keys of values stay out', () => {
    const blob = release.publicKey.split(' ')[1] ?? '';
    const changes = `- ${createHash('sha256').update(blob).digest('hex')}\n`;
    const other = `${release.publicKey.replace(/ .*/, '')} AAAAC3NzaC1lZDI1NTE5AAAAIKQPq5mDbYzvLAOnBmTvAHl3gbnCR0kc7qw0xW4Z8m2N other`;
    const values = { ...CLAIM, authorizedKeys: [other, `${release.publicKey} gone`] };
    const upgrade = () =>
      release.helm(['upgrade', release.name, release.chart, '--dry-run=server', '-f', '-'], JSON.stringify(values));
    expect(upgrade()).not.toContain('these let nobody in');
    const patch = (text: string | null) =>
      release.kubectl([
        'patch',
        'secret',
        'ws-alice-authorized-keys',
        '-p',
        JSON.stringify({ data: { ws_key_changes: text === null ? null : Buffer.from(text).toString('base64') } }),
      ]);
    patch(changes);
    expect(upgrade()).toMatch(/these let nobody in[\s\S]*\n {2}authorizedKeys\[1\] ssh-ed25519 AAAA\S*… gone\n/);
    patch(null);
  });
});

describe('other values', () => {
  it('R8N9-REUSE: a second release of the same workspace is refused', () => {
    const install =
      (name: string, ...words: string[]) =>
      () =>
        release.helm(
          ['install', name, release.chart, '--dry-run=server', '-f', '-', ...words],
          JSON.stringify({ authorizedKeys: [release.publicKey] }),
        );
    expect(install('alice')).toThrow(/release ws-alice in namespace \S+ has workspace alice already/);
    expect(install('mine', '--set', 'workspace=alice')).toThrow(
      /release ws-alice in namespace \S+ has workspace alice/,
    );
    expect(install('alice', '--set', 'workspace=bob')()).toContain('kind: Deployment');
    // Neither release is called as the workspace is.
    const labels = { 'app.kubernetes.io/instance': 'one', 'ws.dev/workspace': 'shared' };
    const pod = { metadata: { labels }, spec: { containers: [{ name: 'x', image: 'x' }] } };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template: pod };
    const other = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'one', labels }, spec };
    kubectl(['-n', place.name, 'apply', '-f', '-'], JSON.stringify(other));
    expect(install('two', '--set', 'workspace=shared')).toThrow(
      /release one in namespace \S+ has workspace shared already/,
    );
    kubectl(['-n', place.name, 'delete', 'deployment', 'one']);
  });

  it('V4J1-HOSTKEY: a given key is used; without one an ed25519 key is made', async () => {
    expect(release.hostKey).toMatch(/^ssh-ed25519 /);
    const given = new Release(place.name, 'ws-given');
    const file = `${given.folder}/host`;
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '3072', '-N', '', '-f', file]);
    await given.apply({ hostKey: { privateKey: readFileSync(file, 'utf8') } });
    expect(given.hostKey).toBe(readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' '));
    expect(given.ssh('echo strict').stdout).toBe('strict\n');
    given.uninstall();
    given.dispose();
  });

  it('B3Q8-PORT E4L7-CLUSTER W9F5-SERVICE: another port, and a NodePort reached from outside', async () => {
    const outside = new Release(place.name, 'ws-outside');
    await outside.apply({ ssh: { port: 2022 }, service: { type: 'NodePort' } });
    const spec = JSON.parse(outside.kubectl(['get', 'service', 'ws-outside', '-o', 'json'])).spec as {
      type: string;
      ports: { name: string; nodePort: number; targetPort: string }[];
    };
    const port = spec.ports.find((entry) => entry.name === 'ssh')?.nodePort;
    const node = kubectl([
      'get',
      'nodes',
      '-o',
      'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
    ]);
    const options = outside.options.map((word) => (word.startsWith('Port=') ? `Port=${port}` : word));
    const words = [...options, '-o', 'ConnectTimeout=5', `developer@${node}`, 'echo $SSH_CONNECTION'];
    // The node hears of a pod that is ready a moment after the Deployment does.
    const answer = await eventually(
      () => run('ssh', words),
      ({ status }) => status === 0,
    );
    expect(answer.stdout).toMatch(/ 2022\n$/);
    outside.uninstall();
    outside.dispose();
  });

  it('X2K7-RESTRICT: a UID that the namespace gives works as well', async () => {
    const random = new Release(place.name, 'ws-random');
    await random.apply({ user: { name: 'anybody', uid: null, gid: null } });
    expect(random.ssh('id -un; pwd; touch file && echo written').stdout).toBe('anybody\n/home/anybody\nwritten\n');
    random.uninstall();
    random.dispose();
  });

  it('J1X6-LIMIT: a process that takes all the memory is ended, and the sessions live', async () => {
    const small = new Release(place.name, 'ws-small');
    await small.apply({
      resources: {
        requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '1Gi' },
        limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '2Gi' },
      },
    });
    const session = small.open([small.address, 'sleep 30; echo alive']);
    let out = '';
    session.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
    });
    const hog = small.ssh(
      'python3 -c "\nimport time\nhold = []\nwhile True:\n  hold.append(bytearray(8*1024*1024))\n  time.sleep(0.05)\n"',
    );
    expect(hog.status).not.toBe(0);
    expect(small.log().map((line) => line['event'])).toContain('memory.killed');
    expect(small.metric('ws_memory_guard_kills_total')).toBe(1);
    await eventually(
      () => out,
      (text) => text === 'alive\n',
      40_000,
    );
    expect(
      JSON.parse(small.kubectl(['get', 'pod', small.pod, '-o', 'json'])).status.containerStatuses[0].restartCount,
    ).toBe(0);
    small.uninstall();
    small.dispose();
  });

  it('U9A4-TEST W5I2-HELM: `helm test` passes on the release', () => {
    expect(release.helm(['test', release.name, '--timeout', '2m'])).toMatch(/Phase:\s+Succeeded/);
  });

  it('U9A4-TEST L6H3-KEYAUTH: `helm test` fails where no usable key is authorized', () => {
    const name = 'ws-alice-authorized-keys';
    const before = release.secret(name, 'authorized_keys').toString();
    const write = (text: string) =>
      release.kubectl(['patch', 'secret', name, '-p', JSON.stringify({ stringData: { authorized_keys: text } })]);
    const [type = '', blob = ''] = before.split(/\s/);
    write(`${type} ${blob.slice(0, -4)} cut\n`);
    expect(() => release.helm(['test', release.name, '--timeout', '2m'])).toThrow(/failed/i);
    expect(release.kubectl(['logs', `${release.name}-test`])).toContain('FAIL L6H3-KEYAUTH a key is authorized');
    write(before);
  });

  it('C5Q4-TEMP: five times made and deleted, only what was asked to stay is left', async () => {
    const brief = new Release(place.name, 'ws-brief');
    for (let round = 0; round < 5; round += 1) {
      await brief.apply();
      brief.uninstall();
    }
    const left = () =>
      brief
        .kubectl(['get', 'all,pvc,secret,configmap', '-l', 'app.kubernetes.io/instance=ws-brief', '-o', 'name'])
        .trim();
    // The last pod may still be ending: helm does not wait for it.
    await eventually(left, (names) => names === 'secret/ws-brief-host-key', 60_000);
    brief.dispose();
  });
});

/** What the machine trusts, so that the registries' certificates can be checked in the pod: a company proxy's case. */
function readBundle(): string {
  return readFileSync(process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt', 'utf8');
}
