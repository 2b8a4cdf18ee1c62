/** Host keys and authorized keys in every form that an operator may have them in. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toDropbearKey } from '../../../src/supervisor/runtime/dropbear-key.ts';
import { eventually, type Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
/** Each test has one of its own. */
let release: Release;
let count = 0;

beforeAll(() => {
  stage = new Stage('keys');
});
beforeEach(() => {
  count += 1;
  release = stage.release(`ws-keys-${count}`);
});
afterAll(() => stage?.[Symbol.dispose]());

function makeKey(name: string, ...words: string[]): string {
  const file = path.join(release.folder, name);
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', file, ...words]);
  return file;
}

function makeSecret(name: string, entry: string, text: string): void {
  stage.kubectl(['create', 'secret', 'generic', name, `--from-literal=${entry}=${text}`]);
}

const makeHostKey = () => execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519'], { encoding: 'utf8' });

/** Strict about the key: a login is the proof that the server has this one. */
const login = () => release.ssh('echo in').stdout;

describe('a host key', () => {
  it('V4J1-HOSTKEY: is taken from values in OpenSSH form and in PEM', async () => {
    for (const words of [
      ['-t', 'ed25519'],
      ['-t', 'ecdsa', '-b', '384', '-m', 'PKCS8'],
    ]) {
      const file = makeKey(`host-${words[1]}`, ...words);
      await release.apply({ hostKey: { privateKey: readFileSync(file, 'utf8') } });
      expect(release.hostKey).toBe(readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' '));
      expect(login()).toBe('in\n');
    }
  });

  it('V4J1-HOSTKEY: a damaged one from values leaves the workspace its old one, also after a rollback', async () => {
    await release.apply();
    const { hostKey } = release;
    const pem = execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // Its outside is right, and all that a template can see; the numbers inside are cut differently.
    const bytes = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64');
    bytes.fill(0xff, 600, 900);
    const damaged = `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const values = { authorizedKeys: [release.publicKey], hostKey: { privateKey: damaged } };
    release.helm(['upgrade', release.name, release.chart, '-f', '-'], JSON.stringify(values));
    const verify = async () => {
      release.kubectl(['rollout', 'status', `deployment/${release.name}`, '--timeout=60s']);
      await release.connect(hostKey);
      expect(login()).toBe('in\n');
    };
    await verify();
    expect(release.log().find(({ event }) => event === 'host-key.unusable')).toMatchObject({
      reason: expect.stringContaining('the key from before serves'),
    });
    release.helm(['rollback', release.name]);
    await verify();
  });

  it("V4J1-HOSTKEY R8N9-REUSE: is taken in Dropbear's own form, and from a Secret that is there", async () => {
    const pem = makeHostKey();
    makeSecret('identity', 'ssh_host_key', pem);
    // The client knows the key from this Secret, the server the first time from the values.
    release.hostKeySecret = 'identity';
    await release.apply({ hostKey: { privateKey: toDropbearKey(Buffer.from(pem)).toString('base64') } });
    expect(login()).toBe('in\n');
    await release.apply({ hostKey: { existingSecret: 'identity' } });
    expect(login()).toBe('in\n');
  });

  it('V4J1-HOSTKEY: is taken up by the running pod when its Secret gets another one, and a damaged one changes nothing', async () => {
    makeSecret('replaced', 'ssh_host_key', makeHostKey());
    release.hostKeySecret = 'replaced';
    await release.apply({ hostKey: { existingSecret: 'replaced' } });
    const { pod } = release;
    const replace = (text: string) =>
      stage.kubectl([
        'patch',
        'secret',
        'replaced',
        '-p',
        JSON.stringify({ data: { ssh_host_key: Buffer.from(text).toString('base64') } }),
      ]);
    const pem = makeHostKey();
    // A new way, and known_hosts with what the Secret says.
    const loginAnew = () => release.connect().then(login);
    replace(pem);
    // The kubelet hands a changed Secret on at once or within a minute or so.
    await eventually(loginAnew, (said) => said === 'in\n', 150_000);
    expect(release.log().filter(({ event }) => event === 'host-key.replaced')).toHaveLength(1);
    replace('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const events = () => release.log().map(({ event }) => event);
    await eventually(events, (all) => all.includes('host-key.unusable'), 150_000);
    replace(pem);
    expect(login()).toBe('in\n');
    expect(release.pod).toBe(pod);
  }, 330_000);

  it('K5G2-STRUCT V4J1-HOSTKEY: one that cannot serve ends the start with a line that says why', async () => {
    makeSecret('broken', 'ssh_host_key', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const values = JSON.stringify({ authorizedKeys: [release.publicKey], hostKey: { existingSecret: 'broken' } });
    release.helm(['install', release.name, release.chart, '-f', '-'], values);
    // The last start that ended; while the next one begins, the node may have neither's log for a moment.
    const findFatal = () => {
      try {
        return release.log(['--previous']).find(({ level }) => level === 'fatal');
      } catch {
        return undefined;
      }
    };
    expect(await eventually(findFatal, (line) => line !== undefined)).toMatchObject({
      event: 'supervisor.failed',
      reason: 'the host key is a CERTIFICATE, not a private key',
    });
  });
});

describe('authorized keys', () => {
  it('L6H3-KEYAUTH: several in a Secret that is there; one that is useless is named and costs the others nothing', async () => {
    const second = makeKey('second', '-t', 'rsa', '-b', '3072');
    const lines = [
      release.publicKey,
      `from="10.0.0.0/8" ${readFileSync(makeKey('third', '-t', 'ed25519') + '.pub', 'utf8').trim()}`,
      `restrict,pty ${readFileSync(makeKey('fourth', '-t', 'ed25519') + '.pub', 'utf8').trim()}`,
      readFileSync(`${second}.pub`, 'utf8').trim(),
    ];
    makeSecret('people', 'authorized_keys', `# the team\n${lines.join('\n')}\n`);
    await release.apply({ authorizedKeys: [], existingAuthorizedKeysSecret: 'people' });
    expect(login()).toBe('in\n');
    expect(release.ssh('echo second', { more: ['-i', second] }).stdout).toBe('second\n');
    const unusable = release.log().filter(({ event }) => event === 'key.unusable');
    expect(unusable.map(({ line }) => line)).toEqual([3, 4]);
    expect(unusable[0]).toMatchObject({
      level: 'error',
      reason: expect.stringContaining('does not know the option "from"'),
    });
  });
});
