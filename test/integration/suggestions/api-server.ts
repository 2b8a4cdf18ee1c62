/** An API server that knows which kinds there are and has nothing of them, and remembers what it was asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  /** `GET /api/v1/namespaces/team/pods/x`, without a query. */
  line: string;
  body: string;
}

export interface EmptyServer extends AsyncDisposable {
  url: string;
  /** What was asked since the last call, without what kinds there are. */
  takeAsked(): Asked[];
}

const CORE = [
  'pods',
  'secrets',
  'persistentvolumeclaims',
  'limitranges',
  'resourcequotas',
  'services',
  'events',
  'nodes',
  'namespaces',
  'serviceaccounts',
  'configmaps',
  'persistentvolumes',
];
const APPS = ['deployments', 'replicasets'];
const SHORT: Record<string, string[]> = {
  persistentvolumeclaims: ['pvc'],
  resourcequotas: ['quota'],
  pods: ['po'],
  persistentvolumes: ['pv'],
};
const STORAGE = ['storageclasses'];
const SCHEDULING = ['priorityclasses'];
const NODE = ['runtimeclasses'];
const ADMISSION = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'validatingadmissionpolicies'];
const WIDE = ['nodes', 'namespaces', 'persistentvolumes', ...STORAGE, ...SCHEDULING, ...NODE, ...ADMISSION];
/** Where it is not the plural without its `s`. */
const SINGULAR: Record<string, string> = {
  storageclasses: 'storageclass',
  priorityclasses: 'priorityclass',
  runtimeclasses: 'runtimeclass',
  validatingadmissionpolicies: 'validatingadmissionpolicy',
};
const KINDS: Record<string, string> = {
  persistentvolumeclaims: 'PersistentVolumeClaim',
  limitranges: 'LimitRange',
  resourcequotas: 'ResourceQuota',
  replicasets: 'ReplicaSet',
};

export async function openEmptyServer(): Promise<EmptyServer> {
  let asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = new URL(request.url ?? '', 'http://x').pathname;
      const discovered = DISCOVERY[path];
      if (discovered === undefined)
        asked.push({ line: `${request.method} ${path}`, body: Buffer.concat(parts).toString() });
      const status = {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'NotFound',
        code: 404,
        message: 'none',
      };
      response.writeHead(discovered === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(discovered ?? status));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeAsked() {
      const taken = asked;
      asked = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toResources(groupVersion: string, names: string[]) {
  const resources = names.map((name) => ({
    name,
    singularName: SINGULAR[name] ?? name.slice(0, -1),
    namespaced: !WIDE.includes(name),
    kind: KINDS[name] ?? name.charAt(0).toUpperCase() + name.slice(1, -1),
    verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
    ...(SHORT[name] === undefined ? {} : { shortNames: SHORT[name] }),
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function toGroup(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

const GROUPS: Record<string, string[]> = {
  apps: APPS,
  'rbac.authorization.k8s.io': ['roles', 'rolebindings'],
  'storage.k8s.io': STORAGE,
  'scheduling.k8s.io': SCHEDULING,
  'node.k8s.io': NODE,
  'admissionregistration.k8s.io': ADMISSION,
};

const DISCOVERY: Record<string, unknown> = {
  '/version': { major: '1', minor: '37', gitVersion: 'v1.37.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': toResources('v1', CORE),
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: Object.keys(GROUPS).map(toGroup) },
  ...Object.fromEntries(
    Object.entries(GROUPS).map(([name, kinds]) => [`/apis/${name}/v1`, toResources(`${name}/v1`, kinds)]),
  ),
};
