/** The home's volume is not made, not mounted, or cannot be used. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mountFull } from '../stage/node-mounts.ts';
import { pick, type Scenario } from '../stage/scenario.ts';
import { WORKSPACE } from '../stage/stage.ts';
import { makeClass, makeHome, toClaim } from '../stage/volumes.ts';

const CLAIM = `ws-${WORKSPACE}-home`;

export const VOLUME: Scenario[] = [
  {
    code: 'CLASS_UNKNOWN',
    how: 'a class that the cluster does not have',
    make(stage, n) {
      const name = pick(['ws-locl', 'ws-retian', 'fast'], n);
      return { words: stage.up('--storage-class', name), evidence: [name, 'ws-local'], mend: 'ready' };
    },
  },
  {
    code: 'CLASS_UNKNOWN',
    how: 'a claim of a class that is gone',
    async make(stage, n) {
      const storageClassName = `${pick(['old', 'gp2', 'nas'], n)}-${n}`;
      const resources = { requests: { storage: `${n}Gi` } };
      await stage.create(toClaim('home', { storageClassName, accessModes: ['ReadWriteOnce'], resources }));
      return { words: stage.up('--home', 'home'), evidence: ['home', storageClassName], status: true };
    },
  },
  {
    code: 'CLASS_MISSING',
    how: 'a claim that asks for no class',
    async make(stage, n) {
      const claim = `home-${n}`;
      const resources = { requests: { storage: `${n}Gi` } };
      await stage.create(toClaim(claim, { storageClassName: '', accessModes: ['ReadWriteOnce'], resources }));
      return { words: stage.up('--home', claim), evidence: [claim], status: true };
    },
  },
  {
    code: 'CLASS_CANNOT_GROW',
    how: 'a larger home of a class that does not grow',
    async make(stage, n) {
      await stage.ready('--storage-class', 'ws-local', '--size', `${n}Gi`);
      const words = ['up', WORKSPACE, '--yes', '--no-shell', '--size', `${n + 2}Gi`];
      return { words, evidence: ['ws-local', `${n}Gi`] };
    },
  },
  {
    code: 'CLAIM_PENDING',
    how: 'a provisioner that nobody runs',
    async make(stage, n) {
      const provisioner = `${pick(['csi', 'disks', 'nas'], n)}-${n}.example.com`;
      const name = await makeClass(stage, 'idle', { provisioner, volumeBindingMode: 'Immediate' });
      return { words: stage.up('--storage-class', name, '--size', '1Gi'), evidence: [provisioner, name] };
    },
  },
  {
    code: 'VOLUME_UNMADE',
    how: 'a provisioner that cannot',
    async make(stage, n) {
      // The provisioner makes no volume that many nodes write to.
      const accessModes = ['ReadWriteMany'];
      const values = { home: { type: 'claim', storageClass: 'ws-local', size: `${n}Gi`, accessModes } };
      const words = ['up', WORKSPACE, '--yes', '--no-shell', '-i', stage.person.key];
      return {
        words: [...words, '--values', stage.file('v.yaml', JSON.stringify(values))],
        evidence: [/access mode/i],
        status: true,
      };
    },
  },
  {
    code: 'VOLUME_UNMADE',
    how: 'a class whose volumes are made by hand, and none is',
    async make(stage, n) {
      const provisioner = 'kubernetes.io/no-provisioner';
      const name = await makeClass(stage, 'by-hand', { provisioner, volumeBindingMode: 'Immediate' });
      return { words: stage.up('--storage-class', name, '--size', `${n}Gi`), evidence: [CLAIM], status: true };
    },
  },
  {
    code: 'VOLUME_UNMADE',
    how: 'a class whose volumes are made by hand for the node, and none is',
    async make(stage, n) {
      const provisioner = 'kubernetes.io/no-provisioner';
      const name = await makeClass(stage, 'by-hand', { provisioner, volumeBindingMode: 'WaitForFirstConsumer' });
      return { words: stage.up('--storage-class', name, '--size', `${n}Gi`), evidence: [name], status: true };
    },
  },
  {
    code: 'CLAIM_LOST',
    how: 'the volume was deleted',
    async make(stage, n) {
      const { claim, volume } = await makeHome(stage, `home-${n}`);
      // The controller holds a bound volume by a finalizer.
      await stage.cluster(['delete', 'pv', volume, '--wait=false']);
      await stage.cluster(['patch', 'pv', volume, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
      await stage.kubectl(['wait', `pvc/${claim}`, '--for=jsonpath={.status.phase}=Lost', '--timeout=60s']);
      return { words: stage.up('--home', claim), evidence: [claim, volume], status: true };
    },
  },
  {
    code: 'CLAIM_MISSING',
    how: 'somebody deleted it while the workspace was stopped',
    async make(stage, n) {
      await stage.ready('--storage-class', 'ws-local', '--size', `${n}Gi`);
      await stage.kubectl(['scale', `deployment/ws-${WORKSPACE}`, '--replicas=0']);
      await stage.kubectl([
        'wait',
        'pod',
        '-l',
        'app.kubernetes.io/name=ws-workspace',
        '--for=delete',
        '--timeout=60s',
      ]);
      await stage.kubectl(['delete', 'pvc', CLAIM]);
      await stage.kubectl(['scale', `deployment/ws-${WORKSPACE}`, '--replicas=1']);
      return { words: ['forward', WORKSPACE, '0:22'], evidence: [CLAIM], status: true };
    },
  },
  {
    code: 'CLAIM_ENDING',
    how: 'it is being deleted, and a pod had it',
    async make(stage, n) {
      await stage.ready('--storage-class', 'ws-local', '--size', `${n}Gi`);
      const hold = JSON.stringify({ metadata: { finalizers: [`ws.test/hold-${n}`] } });
      await stage.kubectl(['patch', 'pvc', CLAIM, '--type=merge', '-p', hold]);
      stage.defer(() =>
        stage.kubectl(['patch', 'pvc', CLAIM, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']),
      );
      await stage.kubectl(['delete', 'pvc', CLAIM, '--wait=false']);
      await stage.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=ws-workspace', '--wait=false']);
      return { words: ['forward', WORKSPACE, '0:22'], evidence: [CLAIM], status: true };
    },
  },
  {
    code: 'VOLUME_IN_USE_ONCE',
    how: 'another pod has it for itself',
    async make(stage, n) {
      const { claim, folder } = await makeHome(stage, `shared-${n}`, { accessMode: 'ReadWriteOncePod' });
      chmodSync(folder, 0o777);
      const user = `${pick(['backup', 'copier', 'editor'], n)}-${n}`;
      const volumes = [{ name: 'home', persistentVolumeClaim: { claimName: claim } }];
      const container = {
        name: 'idle',
        image: 'localhost/shell:1',
        imagePullPolicy: 'Never',
        command: ['/bin/sh', '-c', 'read x'],
        stdin: true,
      };
      await stage.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: user },
        spec: {
          terminationGracePeriodSeconds: 0,
          volumes,
          containers: [{ ...container, volumeMounts: [{ name: 'home', mountPath: '/home' }] }],
        },
      });
      await stage.kubectl(['wait', `pod/${user}`, '--for=condition=PodScheduled', '--timeout=30s']);
      return { words: stage.up('--home', claim), evidence: [claim, user], mend: 'ready', status: true };
    },
  },
  {
    code: 'NODE_VOLUME',
    how: 'it is on a node that is not there',
    async make(stage, n) {
      const node = `${pick(['old', 'gone', 'disk'], n)}-node-${n}`;
      const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }];
      const { claim } = await makeHome(stage, 'home', { nodeAffinity: { required: { nodeSelectorTerms: terms } } });
      return { words: stage.up('--home', claim), evidence: [node], status: true };
    },
  },
  {
    code: 'VOLUME_MOUNT',
    how: 'the folder of the volume is not there',
    async make(stage, n) {
      const folder = `/nowhere/${stage.namespace}/${n}`;
      const { claim } = await makeHome(stage, 'home', { source: { hostPath: { path: folder, type: 'Directory' } } });
      return { words: stage.up('--home', claim), evidence: [folder], status: true };
    },
  },
  {
    code: 'START_CONFIG',
    how: 'a volume of the values file names a Secret that nobody made',
    make(stage, n) {
      const secretName = `${pick(['tokens', 'ssh-config', 'netrc'], n)}-${n}`;
      const values = {
        extraVolumes: [{ name: 'more', secret: { secretName } }],
        extraVolumeMounts: [{ name: 'more', mountPath: '/mnt/more' }],
      };
      return { words: stage.upWith(values), evidence: [secretName], status: true };
    },
  },
  {
    code: 'START_CONFIG',
    how: 'a volume of the values file names a ConfigMap that nobody made',
    make(stage, n) {
      const name = `${pick(['npmrc', 'certs', 'motd'], n)}-${n}`;
      const values = {
        extraVolumes: [{ name: 'more', configMap: { name } }],
        extraVolumeMounts: [{ name: 'more', mountPath: '/mnt/more' }],
      };
      return { words: stage.upWith(values), evidence: [name], status: true };
    },
  },
  {
    code: 'VOLUME_SUB_PATH',
    how: 'a part of the sub path is a file',
    async make(stage, n) {
      const { claim, folder } = await makeHome(stage, 'home');
      const name = pick(['people', 'users', 'homes'], n);
      writeFileSync(path.join(folder, name), '');
      return {
        words: stage.up('--home', claim, '--sub-path', `${name}/alice`),
        evidence: [`${name}/alice`],
        status: true,
      };
    },
  },
  {
    code: 'HOME_NOT_WRITABLE',
    how: 'only root may write to the volume',
    async make(stage, n) {
      const { claim, folder } = await makeHome(stage, `home-${n}`);
      chmodSync(folder, pick([0o755, 0o555, 0o750], n));
      return { words: stage.up('--home', claim), evidence: ['1000'], status: true };
    },
  },
  {
    code: 'HOME_FULL',
    how: 'the volume has no room left',
    async make(stage, n) {
      const { claim, folder } = await makeHome(stage, `home-${n}`);
      await mountFull(stage, folder, 64 * n);
      return { words: stage.up('--home', claim), evidence: [/is full/], status: true };
    },
  },
  {
    code: 'HOME_NOT_WRITABLE',
    how: 'the home is there, and somebody else has it',
    async make(stage, n) {
      const { claim, folder } = await makeHome(stage, `home-${n}`);
      chmodSync(folder, 0o777);
      for (const name of ['home', 'home/developer', 'developer'])
        mkdirSync(path.join(folder, name), { recursive: true });
      return { words: stage.up('--home', claim), evidence: ['1000'], status: true };
    },
  },
];
