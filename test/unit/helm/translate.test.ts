import { expect, test } from 'vitest';
import { isReleaseMissing, translate } from '../../../src/adapters/helm/translate.ts';
import { parseVersion } from '../../../src/adapters/helm/version.ts';
import { saying } from '../../spelling.ts';

/** What Helm 3.22 and 4.3 printed, word for word. */
const SAID: [name: string, stderr: string, code: string, parts: { message?: RegExp; reason?: RegExp }][] = [
  [
    'a value of the wrong shape',
    "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nws-workspace:\n- at '/user/name': 'Root!' does not match pattern '^[a-z]'\n- at '/home/type': value must be one of 'emptyDir', 'claim'\n- at '': additional properties 'zz' not allowed\n\n",
    'CHART_REFUSED',
    { reason: /^user\.name: 'Root!' does not match pattern '\^\[a-z\]'; home\.type: .*; values: additional/ },
  ],
  [
    'values that disagree',
    'Error: execution error at (ws-workspace/templates/deployment.yaml:1:4): \n\nhome.size is set, but home.type is emptyDir.\nSet home.type to claim.\n',
    'CHART_REFUSED',
    { reason: /^home\.size is set, but home\.type is emptyDir\. Set home\.type to claim\.$/ },
  ],
  [
    'a broken values file',
    "Error: failed to parse my.yaml: error converting YAML to JSON: yaml: line 1: did not find expected ',' or '}'\n",
    'CHART_REFUSED',
    { message: /my\.yaml/, reason: /line 1/ },
  ],
  [
    'a values file that is not there',
    'Error: open /no.yaml: no such file or directory\n',
    'BAD_VALUE',
    { message: /\/no\.yaml/ },
  ],
  [
    'a home below a file, of which Helm 4 warns only',
    'level=WARN msg="command failed" error="failed to open config file at /f/x/.config/helm/registry/config.json: open /f/x/.config/helm/registry/config.json: not a directory"\n',
    'LOCAL_FILE_FAILED',
    { message: /\/f\/x\/\.config\/helm\/registry\/config\.json$/, reason: /^a part of its path is a file$/ },
  ],
  [
    'anything of which Helm 4 warns only',
    'level=WARN msg="command failed" error="something \\"new\\" failed"\n',
    'HELM_FAILED',
    { reason: /^something "new" failed$/ },
  ],
  [
    'an unknown kind',
    'Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: "x" namespace: "" from "": no matches for kind "PodMonitor" in version "monitoring.coreos.com/v1"\nensure CRDs are installed first\n',
    'CHART_REFUSED',
    { message: /PodMonitor/ },
  ],
  [
    'an object of another release',
    'Error: Unable to continue with install: Secret "ws-t" in namespace "n" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-name" must equal "ws-t": current value is "other"\n',
    'RELEASE_FOREIGN',
    { reason: /current value is "other"/ },
  ],
  [
    'an object that was applied from a file',
    'Error: unable to continue with install: Secret "ws-ivy-host-key" in namespace "n" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "ws-ivy"; annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "n"\n',
    'RELEASE_FOREIGN',
    { message: /^Secret ws-ivy-host-key is there already, and no Helm release has it$/ },
  ],
  [
    'an operation at work',
    'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n',
    'WORKSPACE_BUSY',
    {},
  ],
  ['a half-removed release', 'Error: UPGRADE FAILED: "ws-dev" has no deployed releases\n', 'WORKSPACE_BUSY', {}],
  [
    'two installs at once',
    'Error: create: failed to create: secrets "sh.helm.release.v1.ws-dev.v1" already exists\n',
    'WORKSPACE_BUSY',
    {},
  ],
  [
    'a revision that another upgrade pruned',
    'Error: UPGRADE FAILED: secrets "sh.helm.release.v1.ws-dev.v1" not found\n',
    'WORKSPACE_BUSY',
    {},
  ],
  ['two upgrades at once', 'Error: UPGRADE FAILED: release: already exists\n', 'WORKSPACE_BUSY', {}],
  [
    'a missing permission',
    'Error: query: failed to query with labels: secrets is forbidden: User "bob" cannot list resource "secrets" in API group "" in the namespace "team"\n',
    'NOT_PERMITTED',
    { message: /^You may not list secrets in namespace team$/ },
  ],
  [
    'a quota',
    'Error: pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1\n',
    'NOT_PERMITTED',
    { reason: /exceeded quota: q, requested: pods=1/ },
  ],
  [
    'a limit for claims',
    'Error: persistentvolumeclaims "x" is forbidden: maximum storage usage per PersistentVolumeClaim is 500Mi, but request is 1Gi\n',
    'NOT_PERMITTED',
    { reason: /maximum storage/ },
  ],
  [
    'a missing namespace',
    'Error: create: failed to create: namespaces "nosuch" not found\n',
    'NAMESPACE_MISSING',
    { message: /nosuch/ },
  ],
  [
    'an unknown context',
    'Error: kubernetes cluster unreachable: context "nope" does not exist\n',
    'CONTEXT_UNKNOWN',
    { message: /nope/ },
  ],
  [
    'a missing kubeconfig',
    'Error: Kubernetes cluster unreachable: stat /k: no such file or directory\n',
    'KUBECONFIG_MISSING',
    { message: /\/k/ },
  ],
  [
    'a silent cluster',
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused\n',
    'CLUSTER_UNREACHABLE',
    { reason: /connection refused/ },
  ],
  [
    'refused credentials',
    'Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials\n',
    'CREDENTIALS_REJECTED',
    {},
  ],
  ['anything else', 'WARNING: loud\nError: the moon is full\n', 'HELM_FAILED', { reason: /^the moon is full$/ }],
];

test.each(SAID)('%s is told as what it is', (_name, stderr, code, parts) => {
  const error = translate(stderr, 1);
  expect(error.code).toBe(code);
  if (parts.message !== undefined) expect(error.message).toMatch(parts.message);
  if (parts.reason !== undefined) expect(error.reason).toMatch(parts.reason);
});

const TEAM = ' in the namespace "team"';
test.each<[refused: string, canI: string, role: string]>([
  [
    `list resource "secrets" in API group ""${TEAM}`,
    'list secrets --namespace team',
    'Role that allows "list" on "secrets" in namespace team',
  ],
  [
    'create resource "priorityclasses" in API group "scheduling.k8s.io" at the cluster scope',
    'create priorityclasses --all-namespaces',
    'ClusterRole that allows "create" on "priorityclasses"',
  ],
  [
    `patch resource "deployments/scale" in API group "apps"${TEAM}`,
    'patch deployments --namespace team --subresource scale',
    'Role that allows "patch" on "deployments/scale" in namespace team',
  ],
])('a refusal to %s is checked and asked for where it is', (refused, canI, role) => {
  const { suggestions } = translate(`Error: x is forbidden: User "bob" cannot ${refused}\n`, 1);
  expect(suggestions).toEqual([saying(`kubectl auth can-i ${canI}`), saying(`Ask an administrator for a ${role}`)]);
});

test('a missing release is told apart from a failure', () => {
  expect(isReleaseMissing(translate('Error: release: not found\n', 1))).toBe(true);
  expect(isReleaseMissing(translate('Error: namespaces "x" not found\n', 1))).toBe(false);
});

test.each([
  ['v4.3.1', '4.3.1'],
  ['v3.14.0', '3.14.0'],
  ['v4.3', '4.3'],
])('helm %s is new enough', (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

test.each(['v3.13.9', 'v2.17.0', 'what?'])('helm %s is too old', (output) => {
  expect(() => parseVersion(output)).toThrow(expect.objectContaining({ code: 'HELM_TOO_OLD' }));
});
