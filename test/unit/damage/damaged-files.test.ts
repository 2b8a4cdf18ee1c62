import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings } from '../../../src/adapters/files/settings-store.ts';
import { openCluster } from '../../../src/adapters/kubernetes/cluster.ts';
import { loadAccess } from '../../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { AUTHORITY } from '../kubernetes/kubeconfig/authority.ts';
import { damage } from './damage.ts';

const ROUNDS = 200;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-damage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('200 damaged settings files', () => {
  const settings = {
    user: 'alice',
    uid: 1234,
    storageClass: 'fast',
    size: '20Gi',
    directories: { '/home/me/project': 'dev' },
    lastAnswers: { user: 'alice', uid: 1234, key: 'SHA256:abc' },
  };

  it('are read, or moved aside as they were; never written over, and new settings can be kept', async () => {
    let setAside = 0;
    for (let seed = 0; seed < ROUNDS; seed += 1) {
      for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
      const file = path.join(folder, 'config.json');
      const bytes = damage(JSON.stringify(settings, undefined, '\t'), seed);
      writeFileSync(file, bytes);
      const store = openSettings(folder, seed);
      const read = store.read();
      if (store.setAside !== undefined) {
        setAside += 1;
        expect(readFileSync(store.setAside.movedTo), `seed ${seed}`).toEqual(bytes);
        expect(store.setAside.reason, `seed ${seed}`).not.toBe('');
        expect(read, `seed ${seed}`).toEqual({});
      } else {
        expect(readFileSync(file), `seed ${seed}`).toEqual(bytes);
        expect(typeof (read.user ?? ''), `seed ${seed}`).toBe('string');
        expect(typeof (read.directories ?? {}), `seed ${seed}`).toBe('object');
      }
      await store.update((all) => ({ ...all, size: '5Gi' }));
      expect(openSettings(folder, seed).read(), `seed ${seed}`).toEqual({ ...read, size: '5Gi' });
    }
    // The damage is real, and not all of it is.
    expect(setAside).toBeGreaterThan(ROUNDS / 4);
    expect(setAside).toBeLessThan(ROUNDS);
  });
});

describe('200 damaged kubeconfigs', () => {
  const kubeconfig = `apiVersion: v1
kind: Config
current-context: lab
clusters:
  - name: lab
    cluster:
      server: https://127.0.0.1:6443
      certificate-authority-data: ${Buffer.from(AUTHORITY).toString('base64')}
contexts:
  - name: lab
    context:
      cluster: lab
      user: me
      namespace: team
users:
  - name: me
    user:
      token: secret
`;

  it('can be used, or are refused in words; and are as they were', () => {
    let refused = 0;
    for (let seed = 0; seed < ROUNDS; seed += 1) {
      const file = path.join(folder, 'config');
      const bytes = damage(kubeconfig, seed);
      writeFileSync(file, bytes);
      const environment = { KUBECONFIG: file };
      const place = { context: undefined, namespace: undefined, kubeconfig: undefined };
      try {
        expect(typeof loadAccess({ environment }).namespace).toBe('string');
        openCluster({ ...place, environment, onMessage: () => undefined });
      } catch (error) {
        if (!(error instanceof WorkspaceError)) throw new Error(`seed ${seed}: ${error}\n${bytes}`, { cause: error });
        refused += 1;
        expect(error.suggestions.length, `seed ${seed}`).toBeGreaterThan(0);
        expect(error.message + error.reason, `seed ${seed}`).not.toContain('secret');
      }
      expect(readFileSync(file), `seed ${seed}`).toEqual(bytes);
    }
    expect(refused).toBeGreaterThan(ROUNDS / 4);
    expect(refused).toBeLessThan(ROUNDS);
  });
});
