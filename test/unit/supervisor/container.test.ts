/** What the server reads and writes of the container around it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toDropbearArguments } from '../../../src/supervisor/dropbear/dropbear-arguments.ts';
import { listOwnProcesses, listProcesses } from '../../../src/supervisor/measures/proc.ts';
import { notifyTerminals } from '../../../src/supervisor/measures/terminals.ts';
import { installCertificates } from '../../../src/supervisor/runtime/certificates.ts';
import { RuntimeFolder } from '../../../src/supervisor/runtime/runtime-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'container-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('listProcesses', () => {
  it('sees this process with its parent and its memory', () => {
    const self = listProcesses().find(({ pid }) => pid === process.pid);
    expect(self).toMatchObject({ parent: process.ppid });
    expect(self?.memoryBytes).toBeGreaterThan(2 ** 20);
  });

  it('leaves out one that ended meanwhile, and takes a kernel thread to hold nothing', () => {
    for (const pid of ['7', '8', 'self']) mkdirSync(path.join(root, pid));
    writeFileSync(path.join(root, '8', 'status'), 'Name:\tkworker/0:1\nState:\tI (idle)\nPPid:\t2\n');
    expect(listProcesses(root)).toEqual([
      { pid: 8, parent: 2, name: 'kworker/0:1', memoryBytes: 0, sharedBytes: 0, ignoresHangUp: false },
    ]);
  });
});

describe('listOwnProcesses', () => {
  it("Q1P4-HEALTH: sees those of the container, and none where they would be the machine's", () => {
    mkdirSync(path.join(root, '7'));
    writeFileSync(path.join(root, '7', 'status'), 'Name:\tx\nPPid:\t1\n');
    mkdirSync(path.join(root, 'self/ns'), { recursive: true });
    symlinkSync('pid:[4026532501]', path.join(root, 'self/ns/pid'));
    expect(listOwnProcesses(root)).toHaveLength(1);
    rmSync(path.join(root, 'self/ns/pid'));
    symlinkSync('pid:[4026531836]', path.join(root, 'self/ns/pid'));
    expect(listOwnProcesses(root)).toEqual([]);
  });
});

describe('ignoresHangUp', () => {
  it('Q1P4-HEALTH: is true of what was started to outlive its terminal, and of nothing else', () => {
    for (const [pid, mask] of [
      ['7', '0000000000001001'],
      ['8', '0000000000001006'],
    ] as const) {
      mkdirSync(path.join(root, pid));
      writeFileSync(path.join(root, pid, 'status'), `Name:\tx\nSigIgn:\t${mask}\n`);
    }
    expect(listProcesses(root).map(({ ignoresHangUp }) => ignoresHangUp)).toEqual([true, false]);
  });
});

describe('the memory of a process', () => {
  it('J1X6-LIMIT: is what it has alone and what it shares', () => {
    mkdirSync(path.join(root, '7'));
    const status = 'Name:\tpostgres\nPPid:\t1\nRssAnon:\t    1000 kB\nRssFile:\t  50000 kB\nRssShmem:\t    4000 kB\n';
    writeFileSync(path.join(root, '7', 'status'), status);
    expect(listProcesses(root)).toMatchObject([{ memoryBytes: 5000 * 1024, sharedBytes: 4000 * 1024 }]);
  });
});

describe('notifyTerminals', () => {
  it('does nothing where there are none', () => {
    expect(() => notifyTerminals('Stopping', path.join(root, 'absent'))).not.toThrow();
  });

  it('writes to each terminal, and is not stopped by one that cannot take it', () => {
    for (const name of ['0', '2', 'ptmx']) writeFileSync(path.join(root, name), '');
    mkdirSync(path.join(root, '1'));
    notifyTerminals('Stopping', root);
    const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
    expect([read('0'), read('2'), read('ptmx')]).toEqual(['\r\n[ws] Stopping\r\n', '\r\n[ws] Stopping\r\n', '']);
  });
});

describe('installCertificates', () => {
  it('changes nothing without extra ones', async () => {
    expect(await installCertificates(undefined, new RuntimeFolder('/nowhere'))).toEqual({});
  });

  it("joins the system's and the extra ones, and points every program at them", async () => {
    const extra = path.join(root, 'extra');
    mkdirSync(path.join(extra, '..data'), { recursive: true });
    writeFileSync(path.join(extra, 'company.pem'), '-----BEGIN CERTIFICATE-----\ncompany\n-----END CERTIFICATE-----\n');
    const bundle = path.join(root, 'ca-certificates.crt');
    const environment = await installCertificates(extra, new RuntimeFolder(root));
    expect(environment).toMatchObject({ SSL_CERT_FILE: bundle, GIT_SSL_CAINFO: bundle, NODE_EXTRA_CA_CERTS: bundle });
    const certificates = readFileSync(bundle, 'utf8').match(/BEGIN CERTIFICATE/g) ?? [];
    expect(certificates.length).toBeGreaterThan(10);
    expect(readFileSync(bundle, 'utf8')).toContain('company');
  });
});

describe('toDropbearArguments', () => {
  it('L6H3-KEYAUTH: serves one connection as a user, with keys that the home cannot change', () => {
    const words = toDropbearArguments({ hostKeyFile: '/run/ws/hostkey', keepaliveSeconds: 30 });
    expect(words.join(' ')).toBe('-i -E -w -e -T 6 -K 30 -W 4194304 -D /etc/ws/auth -r /run/ws/hostkey');
  });
});
