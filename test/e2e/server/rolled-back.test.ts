/**
 * A rollback from any revision to any other leaves what people rely on. Helm compares a revision with the one before
 * it. An object that only the later one has is compared with the cluster, and loses what its manifest leaves out.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { rollbackArguments, upgradeArguments } from '../../../src/adapters/helm/helm-arguments.ts';
import { Stage } from '../support/stage.ts';

const NO_PODS = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'no-pods' },
  spec: { hard: { pods: '0' } },
};
const ADDED = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKR8Xo0cUCOPs4Tr3oSEVB0bqIUNRzvUYTkLcYmYdLhx added';
const CHANGES = `+ ${ADDED}\n`;

let stage: Stage;
beforeAll(() => {
  // Later revisions would drive the first ones out.
  vi.stubEnv('HELM_MAX_HISTORY', '0');
  stage = new Stage('rolled');
  // This is about what the API server has; pods would only take time.
  stage.kubectl(['apply', '-f', '-'], JSON.stringify(NO_PODS));
});
afterAll(() => {
  vi.unstubAllEnvs();
  stage?.[Symbol.dispose]();
});

/** Who writes the revisions, and who rolls back. */
const WAYS: { name: string; writer: 'helm' | 'helm3' | 'ws'; reverter: 'helm' | 'helm3' | 'ws' }[] = [
  { name: 'helm3', writer: 'helm3', reverter: 'helm3' },
  { name: 'helm', writer: 'helm', reverter: 'helm' },
  { name: 'helm-after-helm3', writer: 'helm3', reverter: 'helm' },
  { name: 'ws', writer: 'ws', reverter: 'ws' },
  { name: 'helm-after-ws', writer: 'ws', reverter: 'helm' },
  { name: 'helm3-after-ws', writer: 'ws', reverter: 'helm3' },
];

/** Each step between two of the four revisions once, from the last one on. */
const STEPS = [1, 2, 1, 3, 1, 4, 2, 3, 2, 4, 3, 4];

it.each(WAYS)(
  'V4J1-HOSTKEY L6H3-KEYAUTH: $name: keys and home hold in each rollback',
  ({ name, writer, reverter }) => {
    const release = stage.release(`ws-${name}`, writer === 'helm3' ? 'helm3' : 'helm');
    const reverting = stage.release(release.name, reverter === 'helm3' ? 'helm3' : 'helm');
    const keys = `${release.name}-authorized-keys`;
    const write = (values: object) => {
      const options = { major: 4, valuesFiles: [], createNamespace: false, mark: { revision: 1, operation: 'x' } };
      const words =
        writer === 'ws'
          ? upgradeArguments(release.name, release.chart, options)
          : ['upgrade', '--install', release.name, release.chart, '--reset-values', '-f', '-'];
      release.helm(words, JSON.stringify({ home: { type: 'claim' }, ...values }));
    };
    const rollBack = (revision: number) =>
      reverting.helm(
        reverter === 'ws' ? rollbackArguments(release.name, revision, 4) : ['rollback', release.name, String(revision)],
      );
    const read = () => ({
      hostKey: release.hostKey,
      claim: release.kubectl(['get', 'pvc', `${release.name}-home`, '-o', 'jsonpath={.metadata.uid}']),
      changes: release.secret(keys, 'ws_key_changes').toString(),
      logsIn: release.secret(keys, 'authorized_keys').toString().includes(release.publicKey),
    });

    const own = { authorizedKeys: [release.publicKey] };
    write({ hostKey: { existingSecret: 'other' }, existingAuthorizedKeysSecret: 'people' });
    write(own);
    addKey(keys, `${release.publicKey}\n${ADDED}\n`);
    const before = read();
    expect(before).toMatchObject({ changes: CHANGES, logsIn: true });
    write({ ...own, logLevel: 'warn' });
    write({ hostKey: { existingSecret: release.hostKeySecret }, existingAuthorizedKeysSecret: keys });
    expect(read()).toEqual(before);

    for (const [index, to] of STEPS.entries()) {
      rollBack(to);
      const way = `from ${STEPS[index - 1] ?? 4} to ${to}`;
      expect({ way, ...read() }).toEqual({ way, ...before });
    }
    write(own);
    expect(read()).toEqual(before);
    expect(release.secret(keys, 'authorized_keys').toString()).toBe(`${release.publicKey}\n${ADDED}\n`);
    release.helm(['uninstall', release.name]);
  },
  120_000,
);

/** As `ws keys add` writes it. */
function addKey(secret: string, lines: string): void {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const data = { authorized_keys: encode(lines), ws_key_changes: encode(CHANGES) };
  stage.kubectl(['patch', 'secret', secret, '-p', JSON.stringify({ data })]);
}
