import { describe, expect, test } from 'vitest';
import { HELMS, PUBLIC_KEY, Refusal, render } from '../helm.ts';

/** Each bad value and the sentence that names it. */
const BAD: [title: string, values: object, sentence: RegExp, release?: string][] = [
  ['UID 0', { user: { uid: 0 } }, /'\/user\/uid': minimum: got 0, want 1/],
  ['GID 0', { user: { gid: 0 } }, /'\/user\/gid': minimum: got 0, want 1/],
  ['a UID that is no number', { user: { uid: 'root' } }, /'\/user\/uid': got string/],
  ['a UID beyond the largest', { user: { uid: 2 ** 31 } }, /'\/user\/uid': maximum: got 2/],
  ['no GID with a UID', { user: { gid: null } }, /user\.gid is null but user\.uid is 1000; set both, or neither/],
  ['a GID without a UID', { user: { uid: null, gid: 2000 } }, /user\.gid is 2000 but user\.uid is null/],
  ['a username in capitals', { user: { name: 'Alice' } }, /'\/user\/name': 'Alice' does not match/],
  ['an empty username', { user: { name: '' } }, /'\/user\/name': '' does not match/],
  ['a username of 33 letters', { user: { name: 'a'.repeat(33) } }, /'\/user\/name': 'a{33}' does not match/],
  ['a newline in the username', { user: { name: 'alice\nroot' } }, /'\/user\/name': 'alice\\nroot' does not match/],
  ['a colon in the username', { user: { name: 'a:0' } }, /'\/user\/name': 'a:0' does not match/],
  ['the username root', { user: { name: 'root' } }, /user\.name "root" is an account or group of the image/],
  ['the username of a base group', { user: { name: 'tty' } }, /user\.name "tty" is an account or group/],
  ['a newline in the shell', { user: { shell: '/bin/sh\nroot' } }, /'\/user\/shell'/],
  ['an unknown key', { replicas: 2 }, /additional properties 'replicas' not allowed/],
  ['an unknown key within', { home: { typ: 'claim' } }, /'\/home': additional properties 'typ' not allowed/],
  ['no authorized key', { authorizedKeys: [] }, /authorizedKeys is empty: nobody could log in/],
  [
    'two sources of keys',
    { existingAuthorizedKeysSecret: 'keys' },
    /authorizedKeys and existingAuthorizedKeysSecret are both set/,
  ],
  [
    'a private key among the public ones',
    { authorizedKeys: [PUBLIC_KEY, '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl'] },
    /authorizedKeys\[1\] is a private key; only the public half/,
  ],
  [
    'a line that is no key',
    { authorizedKeys: ['github.com/alice'] },
    /authorizedKeys\[0\] "github\.com\/alice" is not a public key/,
  ],
  ['a tab in a key', { authorizedKeys: [PUBLIC_KEY.replace(' ', '\t')] }, /authorizedKeys\[0\] .* is not a public key/],
  ...[
    'from="10.0.0.0/8"',
    'environment="A=b"',
    'expiry-time="20300101"',
    'principals="a"',
    'cert-authority',
    'no-user-rc',
    'No-Pty2',
  ].map((option): [string, object, RegExp] => [
    `the key option ${option}, which the server does not know`,
    { authorizedKeys: [PUBLIC_KEY, `no-pty,${option} ${PUBLIC_KEY}`] },
    new RegExp(`authorizedKeys\\[1\\] has the option "${option.split('=')[0]}", which the server does not know`),
  ]),
  [
    'an option without its quotes',
    { authorizedKeys: [`command=ls ${PUBLIC_KEY}`] },
    /the option "command=ls", which the server cannot read/,
  ],
  ['an option that takes no value', { authorizedKeys: [`no-pty="x" ${PUBLIC_KEY}`] }, /which the server cannot read/],
  [
    'a command that the server would cut',
    { authorizedKeys: [`command="say \\"a b\\"" ${PUBLIC_KEY}`] },
    /authorizedKeys\[0\] "command=.* has a blank between escaped quotes \(\\"\)/,
  ],
  [
    'a place to listen that is no port',
    { authorizedKeys: [`permitlisten="localhost:80" ${PUBLIC_KEY}`] },
    /the option "permitlisten=.*, which the server cannot read: .* permitlisten="PORT"/,
  ],
  ['two commands', { authorizedKeys: [`command="a",command="b" ${PUBLIC_KEY}`] }, /has the option command twice/],
  [
    'a line of 3000 characters and more bytes',
    { authorizedKeys: [`${PUBLIC_KEY} ${'é'.repeat(1500)}`] },
    /authorizedKeys\[0\] .* is longer than 3000 bytes/,
  ],
  [
    'an empty option',
    { authorizedKeys: [`no-pty,,restrict ${PUBLIC_KEY}`] },
    /authorizedKeys\[0\] has an empty option/,
  ],
  [
    'a manifest behind a key, with a comment that ends like one',
    { authorizedKeys: [`${PUBLIC_KEY}\n---\nkind: ConfigMap\n# ${PUBLIC_KEY}`] },
    /authorizedKeys\[0\] .* is not a public key \(line 2: "---"\): it needs TYPE/,
  ],
  [
    'an escape of a terminal',
    { annotations: { note: '\u001b[2J' } },
    /annotations\.note holds the control character "\\x1b"/,
  ],
  [
    'a line end that only YAML knows',
    { extraEnv: [{ name: 'A', value: 'a\u2028b' }] },
    /extraEnv\[0\]\.value holds the control character "\\u2028"/,
  ],
  ['two keys in one entry', { authorizedKeys: [`${PUBLIC_KEY}\n${PUBLIC_KEY}`] }, /authorizedKeys\[0\] .* on one line/],
  ['a public key as the host key', { hostKey: { privateKey: PUBLIC_KEY } }, /hostKey\.privateKey is a public key/],
  [
    'a host key with a passphrase',
    { hostKey: { privateKey: '-----BEGIN ENCRYPTED PRIVATE KEY-----' } },
    /hostKey\.privateKey has a passphrase/,
  ],
  [
    'two host keys',
    { hostKey: { privateKey: 'x', existingSecret: 'y' } },
    /hostKey\.privateKey and hostKey\.existingSecret are both/,
  ],
  [
    'an unknown kind of home',
    { home: { type: 'hostPath' } },
    /'\/home\/type': value must be one of 'emptyDir', 'claim'/,
  ],
  [
    'two homes at once',
    { home: { type: 'claim', existingClaim: 'shared' } },
    /home\.existingClaim is "shared" but home\.type is "claim": two homes/,
  ],
  ['no name of an existing claim', { home: { type: 'existingClaim' } }, /home\.existingClaim must name the claim/],
  ['a size for an emptyDir', { home: { size: '5Gi' } }, /home\.size is of a new claim, but home\.type is "emptyDir"/],
  ['a class for an emptyDir', { home: { storageClass: 'fast' } }, /home\.storageClass is of a new claim/],
  ['a folder of an emptyDir', { home: { subPath: 'a' } }, /home\.subPath "a" is a folder of a claim/],
  [
    'a folder outside',
    { home: { type: 'claim', subPath: '../other' } },
    /home\.subPath "\.\.\/other" leads out of the volume/,
  ],
  [
    'a folder outside, hidden',
    { home: { type: 'claim', subPath: 'a/../../b' } },
    /home\.subPath "a\/\.\.\/\.\.\/b" leads out/,
  ],
  ['an absolute folder', { home: { type: 'claim', subPath: '/etc' } }, /home\.subPath "\/etc" is absolute/],
  [
    'a newline in the folder',
    { home: { type: 'claim', subPath: 'a\nb' } },
    /'\/home\/subPath': 'a\\nb' does not match/,
  ],
  ['a size with no such unit', { home: { type: 'claim', size: '10GB' } }, /'\/home\/size': '10GB' does not match/],
  ['a negative size', { home: { sizeLimit: '-1Gi' } }, /'\/home\/sizeLimit': '-1Gi' does not match/],
  [
    'more shared memory than memory',
    { sharedMemorySizeLimit: '4Gi' },
    /sharedMemorySizeLimit is 4Gi but resources.limits.memory is 4Gi, and \/dev\/shm is part of that/,
  ],
  ['a size of zero', { temporarySizeLimit: '0' }, /'\/temporarySizeLimit': '0' does not match/],
  [
    'an access mode that cannot be written',
    { home: { type: 'claim', accessModes: ['ReadOnlyMany'] } },
    /'\/home\/accessModes\/0': value must be one of/,
  ],
  [
    'a claim name that is none',
    { home: { type: 'existingClaim', existingClaim: 'My_Claim' } },
    /'\/home\/existingClaim': 'My_Claim'/,
  ],
  ['a privileged port', { ssh: { port: 22 } }, /'\/ssh\/port': minimum: got 22, want 1,024/],
  ['the port of the metrics', { ssh: { port: 9222 } }, /ssh\.port 9222 is the port of health checks/],
  [
    'a NodePort out of range',
    { service: { type: 'NodePort', nodePort: 2222 } },
    /'\/service\/nodePort': minimum: got 2,222, want 30,000/,
  ],
  [
    'a NodePort without one',
    { service: { nodePort: 30022 } },
    /service\.nodePort is 30022, but service\.type is ClusterIP/,
  ],
  [
    'a class of load balancers without one',
    { service: { type: 'NodePort', loadBalancerClass: 'a' } },
    /need service\.type LoadBalancer; it is NodePort/,
  ],
  ['a type of Service that is none', { service: { type: 'Ingress' } }, /'\/service\/type': value must be one of/],
  ['one port twice', { service: { port: 9222 } }, /service\.port and service\.metricsPort are both 9222/],
  [
    'a range that is none',
    { service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['all'] } },
    /'\/service\/loadBalancerSourceRanges\/0': 'all'/,
  ],
  [
    'a CPU quantity that is none',
    { resources: { limits: { cpu: '2 cores' } } },
    /'\/resources\/limits\/cpu': '2 cores' does not match/,
  ],
  [
    'a negative CPU',
    { resources: { limits: { cpu: -1 } } },
    /'\/resources\/limits\/cpu': exclusiveMinimum: got -1, want 0/,
  ],
  [
    'a memory quantity that is none',
    { resources: { limits: { memory: '4 GB' } } },
    /'\/resources\/limits\/memory': '4 GB' does not match/,
  ],
  [
    'a resource of an unknown name',
    { resources: { limits: { gpu: '1' } } },
    /'\/resources\/limits': additional properties 'gpu'/,
  ],
  [
    'an image with a scheme',
    { image: { repository: 'https://example.com/ws' } },
    /'\/image\/repository': 'https:\/\/example\.com\/ws'/,
  ],
  ['a tag with a slash', { image: { tag: 'a/b' } }, /'\/image\/tag': 'a\/b' does not match/],
  ['a digest cut short', { image: { digest: 'sha256:abc' } }, /'\/image\/digest': 'sha256:abc' does not match/],
  ['a pull policy that is none', { image: { pullPolicy: 'Sometimes' } }, /'\/image\/pullPolicy': value must be one of/],
  ['a newline in the workspace name', { workspace: 'a\nb' }, /'\/workspace': 'a\\nb' does not match/],
  ['a workspace name of 41 letters', { workspace: 'a'.repeat(41) }, /'\/workspace': maxLength: got 41, want 40/],
  [
    'a grace period too short to hang up in',
    { terminationGracePeriodSeconds: 1 },
    /'\/terminationGracePeriodSeconds': minimum: got 1/,
  ],
  ['more than the whole memory', { memoryKillPercent: 120 }, /'\/memoryKillPercent': maximum: got 120, want 99/],
  ['a log level that is none', { logLevel: 'verbose' }, /'\/logLevel': value must be one of/],
  [
    'a variable of the server',
    { extraEnv: [{ name: 'WS_USER', value: 'root' }] },
    /extraEnv "WS_USER": names that start with WS_ are/,
  ],
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_COMPILE_CACHE', 'OPENSSL_CONF', 'LD_PRELOAD', 'LD_LIBRARY_PATH'].map(
    (name): [string, object, RegExp] => [
      `a variable that changes how the server runs, ${name}`,
      { extraEnv: [{ name, value: '/home/developer/x' }] },
      new RegExp(`extraEnv "${name}" would reach the server as well`),
    ],
  ),
  ['a variable name that is none', { extraEnv: [{ name: 'A B' }] }, /'\/extraEnv\/0\/name': 'A B' does not match/],
  [
    'two sources of certificates',
    { extraCaCertificates: { pem: '-----BEGIN CERTIFICATE-----', existingConfigMap: 'a' } },
    /extraCaCertificates\.pem and .* are both set/,
  ],
  [
    'certificates that are none',
    { extraCaCertificates: { pem: 'MIIB' } },
    /extraCaCertificates\.pem holds no certificate/,
  ],
  [
    'a label of the chart',
    { labels: { 'app.kubernetes.io/name': 'x' } },
    /labels "app\.kubernetes\.io\/name" is set by the chart itself/,
  ],
  [
    'an annotation of the chart',
    { podAnnotations: { 'ws.dev/user': 'x' } },
    /podAnnotations "ws\.dev\/user" is set by the chart/,
  ],
  ['a label that is no text', { labels: { team: 1 } }, /'\/labels\/team': got number, want string/],
  ['a label value with a blank', { podLabels: { team: 'a b' } }, /'\/podLabels\/team': 'a b' does not match/],
  ['a release name of 45 letters', {}, /the release name "r{45}" has 45 characters; 40 fit/, 'r'.repeat(45)],
  ['a release name that starts with a digit', {}, /the release name "1dev" cannot name a Service/, '1dev'],
  ['a release name with a dot', {}, /the release name "my\.dev" cannot name a Service/, 'my.dev'],
];

describe.each(HELMS)('%s refuses', (helm) => {
  test.each(BAD)('%s', async (_title, values, sentence, release = 'ws-dev') => {
    const refusal = await render(values, { helm, release }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    const lines = (refusal as Refusal).message.split('\n');
    expect(lines.filter((line) => sentence.test(line))).toHaveLength(1);
  });

  test('a release name of 70 characters, by itself', async () => {
    await expect(render({}, { helm, release: 'r'.repeat(70) })).rejects.toThrow(/53|40 fit/);
  });

  test('no values at all: nobody could log in', async () => {
    await expect(render({}, { helm, withKey: false })).rejects.toThrow(/authorizedKeys is empty: nobody could log in/);
  });
});

/** What is unusual and right. */
const GOOD: [title: string, values: object][] = [
  ['options before a key', { authorizedKeys: [`restrict,command="echo a b",permitopen="a:1" ${PUBLIC_KEY}`] }],
  [
    'a key of a hardware token',
    { authorizedKeys: ['sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA=='] },
  ],
  [
    'options in any case, with what looks like their end in quotes',
    { authorizedKeys: [`No-PTY,Command="a, \\"b=c\\" d" ${PUBLIC_KEY}`] },
  ],
  ['the line end of Windows after a key', { authorizedKeys: [`${PUBLIC_KEY}\r\n`] }],
  [
    'certificates with the line ends of Windows',
    { extraCaCertificates: { pem: '-----BEGIN CERTIFICATE-----\r\nMIIB\r\n-----END CERTIFICATE-----\r\n' } },
  ],
  ['blanks around a key', { authorizedKeys: [`  ${PUBLIC_KEY}\n`] }],
  ['a name that starts with two dots', { home: { type: 'claim', subPath: '..data/a' } }],
  ['cores as a number', { resources: { limits: { cpu: 0.5 } } }],
  ['the largest UID', { user: { uid: 2147483647, gid: 2147483647 } }],
];

test.each(GOOD)('takes %s', async (_title, values) => {
  expect(await render(values)).not.toHaveLength(0);
});
