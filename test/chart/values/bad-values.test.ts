import { describe, expect, test } from 'vitest';
import * as PORTS from '../../../src/contract/ports.ts';
import { KEYS } from '../../authorized/keys.ts';
import { HELMS, PUBLIC_KEY, Refusal, render, share } from '../helm.ts';

/** Each bad value and the sentence that names it. */
const BAD: [title: string, values: object, sentence: RegExp, release?: string][] = [
  ['UID 0', { user: { uid: 0 } }, /'\/user\/uid': minimum: got 0, want 1/],
  ['GID 0', { user: { gid: 0 } }, /'\/user\/gid': minimum: got 0, want 1/],
  ['a UID that is no number', { user: { uid: 'root' } }, /'\/user\/uid': got string/],
  ['a UID beyond the largest', { user: { uid: 2 ** 31 } }, /'\/user\/uid': maximum: got 2/],
  ['no GID with a UID', { user: { gid: null } }, /user\.gid is null but user\.uid is 1000; set both, or neither/],
  ['a GID without a UID', { user: { uid: null, gid: 2000 } }, /user\.gid is 2000 but user\.uid is null/],
  ['a username in capitals', { user: { name: 'Alice' } }, /user\.name "Alice" is no /],
  ['an empty username', { user: { name: '' } }, /user\.name "" is no /],
  ['a username of 33 letters', { user: { name: 'a'.repeat(33) } }, /user\.name "a{33}" is no /],
  ['a newline in the username', { user: { name: 'alice\nroot' } }, /user\.name "alice\\nroot" is no /],
  ['a colon in the username', { user: { name: 'a:0' } }, /user\.name "a:0" is no /],
  ['the username root', { user: { name: 'root' } }, /user\.name "root" is an account or group of the image/],
  ['the username of a base group', { user: { name: 'tty' } }, /user\.name "tty" is an account or group/],
  ['a newline in the shell', { user: { shell: '/bin/sh\nroot' } }, /user\.shell .*is no /],
  ['an unknown key', { replicas: 2 }, /additional properties 'replicas' not allowed/],
  ['an unknown key within', { home: { typ: 'claim' } }, /'\/home': additional properties 'typ' not allowed/],
  ['CPU of zero', { resources: { limits: { cpu: 0 } } }, /resources\.limits\.cpu 0 is less than 1m; write cores/],
  [
    'CPU of zero as a text',
    { resources: { requests: { cpu: '0.0' } } },
    /resources\.requests\.cpu 0\.0 is less than 1m/,
  ],
  ...['999.2.3.4/99', '10.0.0.0/33', '10.0.0.0', '2001:db8::/129', '1::2::3/64', '01.2.3.4/8'].map(
    (range): [string, object, RegExp] => [
      `the range ${range}`,
      { service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', range] } },
      /service\.loadBalancerSourceRanges\[1\] ".*" is no network; write an address/,
    ],
  ),
  ['nobody who stops it', { home: { type: 'claim' }, idle: { stopAfter: '2h' } }, /idle\.actor is false, so nothing/],
  ['an end that loses the home', { idle: { endAfter: '8h' } }, /idle\.endAfter is 8h but home\.type is emptyDir/],
  [
    'an end before anybody could read of it',
    { home: { type: 'claim' }, idle: { endAfter: '59s' } },
    /idle\.endAfter 59s is shorter than a minute/,
  ],
  [
    'an end without a unit',
    { home: { type: 'claim' }, idle: { endAfter: '8' } },
    /idle\.endAfter "8" is no time; write a number/,
  ],
  ['a second pod for nothing', { idle: { actor: true } }, /idle\.actor is true but idle\.stopAfter is empty/],
  ['a home that each sleep loses', { idle: { stopAfter: '2h', actor: true } }, /home\.type is emptyDir, so the home/],
  [
    'a sleep too soon',
    { home: { type: 'claim' }, idle: { stopAfter: '59s', actor: true } },
    /idle\.stopAfter 59s is shorter than a minute/,
  ],
  [
    'a time without a unit',
    { idle: { stopAfter: '2', actor: true } },
    /idle\.stopAfter "2" is no time; write a number/,
  ],
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
  [
    'two keys in one entry',
    { authorizedKeys: [`# mine\n${PUBLIC_KEY}\r\n\n${PUBLIC_KEY}\n`] },
    /authorizedKeys\[0\] holds 2 keys and 4 lines; one key per entry/,
  ],
  [
    'a place in the list that Helm filled up',
    { authorizedKeys: [null, PUBLIC_KEY] },
    /authorizedKeys\[0\] is null: a list is replaced as a whole, .* --set-json 'authorizedKeys=/,
  ],
  [
    'a key cut short',
    { authorizedKeys: [PUBLIC_KEY.replace('8m2N', '')] },
    /authorizedKeys\[0\] .* is damaged: the key is cut short/,
  ],
  [
    'a key of another type than it says',
    { authorizedKeys: [PUBLIC_KEY.replace('ssh-ed25519', 'ssh-rsa')] },
    /authorizedKeys\[0\] .* is damaged: it says ssh-rsa, but/,
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
  [
    'a class for an emptyDir',
    { home: { storageClass: 'fast' } },
    /home\.storageClass is of a new claim, .* or home\.storageClass to null \(--reuse-values would keep it, /,
  ],
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
  ['a size with no such unit', { home: { type: 'claim', size: '10GB' } }, /home\.size "10GB" is no /],
  ['a negative size', { home: { sizeLimit: '-1Gi' } }, /home\.sizeLimit "-1Gi" is no /],
  [
    'more shared memory than memory',
    { sharedMemorySizeLimit: '4Gi' },
    /sharedMemorySizeLimit is 4Gi but resources.limits.memory is 4Gi, and \/dev\/shm is part of that/,
  ],
  ['a size of zero', { temporarySizeLimit: '0' }, /temporarySizeLimit 0 is less than 1Mi/],
  [
    'an access mode that cannot be written',
    { home: { type: 'claim', accessModes: ['ReadOnlyMany'] } },
    /'\/home\/accessModes\/0': value must be one of/,
  ],
  [
    'a claim name that is none',
    { home: { type: 'existingClaim', existingClaim: 'My_Claim' } },
    /home\.existingClaim "My_Claim" is no /,
  ],
  ['a privileged port', { ssh: { port: 22 } }, /'\/ssh\/port': minimum: got 22, want 1,024/],
  // Each port that the server opens beside, so one that comes later is refused as well.
  ...Object.values(PORTS)
    .filter((port) => port !== PORTS.SSH_PORT)
    .map((port): [string, object, RegExp] => [
      `port ${port}, which the server has for something else`,
      { ssh: { port, resumeSeconds: 0 } },
      new RegExp(`ssh\\.port ${port} is the port of .* in the pod; choose another`),
    ]),
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
    /service\.loadBalancerSourceRanges\[0\] "all" is no /,
  ],
  [
    'a CPU quantity that is none',
    { resources: { limits: { cpu: '2 cores' } } },
    /resources\.limits\.cpu "2 cores" is no /,
  ],
  ['a negative CPU', { resources: { limits: { cpu: -1 } } }, /resources\.limits\.cpu "-1" is no /],
  [
    'a memory quantity that is none',
    { resources: { limits: { memory: '4 GB' } } },
    /resources\.limits\.memory "4 GB" is no /,
  ],
  [
    'a resource of an unknown name',
    { resources: { limits: { gpu: '1' } } },
    /'\/resources\/limits': additional properties 'gpu'/,
  ],
  ...(
    [
      [
        { limits: { 'nvidia.com/gpu': 0.5 } },
        /limits\.nvidia\.com\/gpu "0\.5" is no number of devices; write a whole number/,
      ],
      [{ limits: { 'nvidia.com/gpu': 'all' } }, /limits\.nvidia\.com\/gpu "all" is no number of devices/],
      [
        { limits: { 'nvidia.com/gpu': 2 }, requests: { 'nvidia.com/gpu': 1 } },
        /requests\.nvidia\.com\/gpu is 1, but .* is 2, and/,
      ],
      [
        { requests: { 'nvidia.com/gpu': 1 } },
        /requests\.nvidia\.com\/gpu is 1, but .* is not set, and .*; set the limit alone/,
      ],
      [{ limits: { 'hugepages-2Mi': 100 } }, /limits\.hugepages-2Mi 100 has no unit; write/],
    ] as [object, RegExp][]
  ).map(([resources, sentence], index): [string, object, RegExp] => [`devices, ${index}`, { resources }, sentence]),
  [
    'an image with a scheme',
    { image: { repository: 'https://example.com/ws' } },
    /image\.repository "https:\/\/example\.com\/ws" is no /,
  ],
  // What YAML reads of 20240101, 1e3, 1.10 and yes.
  ...([20240101, 1000, 1.1, 20240101123045, true] as const).map((tag): [string, object, RegExp] => [
    `the tag ${tag}, which YAML read for another thing than a text`,
    { image: { tag } },
    new RegExp(`image\\.tag is the (number|truth value) ${tag}, and a text is wanted: .* with --set-string`),
  ]),
  ['a tag with a slash', { image: { tag: 'a/b' } }, /image\.tag "a\/b" is no /],
  ['a digest cut short', { image: { digest: 'sha256:abc' } }, /image\.digest "sha256:abc" is no /],
  ['a pull policy that is none', { image: { pullPolicy: 'Sometimes' } }, /'\/image\/pullPolicy': value must be one of/],
  ['a newline in the workspace name', { workspace: 'a\nb' }, /workspace "a\\nb" is no /],
  ['a workspace name of 41 letters', { workspace: 'a'.repeat(41) }, /'\/workspace': maxLength: got 41, want 40/],
  [
    'a grace period too short to hang up in',
    { terminationGracePeriodSeconds: 1 },
    /'\/terminationGracePeriodSeconds': minimum: got 1/,
  ],
  ['more than the whole memory', { memoryKillPercent: 120 }, /'\/memoryKillPercent': maximum: got 120, want 99/],
  ['a log level that is none', { logLevel: 'verbose' }, /'\/logLevel': value must be one of/],
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
  ...[
    ['AAAA', /certificate 2 of 2 holds no certificate, or a part of one/],
    ['MAMCAQ==', /certificate 2 of 2 holds no certificate, or a part of one/],
    ['not base64!', /certificate 2 of 2 is not base64/],
  ].map(([body, sentence]): [string, object, RegExp] => [
    `a certificate of ${body}`,
    { extraCaCertificates: { pem: `${toPem('MAMCAQU=')}# a comment\n${toPem(String(body))}` } },
    sentence as RegExp,
  ]),
  [
    'a certificate without its end',
    { extraCaCertificates: { pem: '-----BEGIN CERTIFICATE-----\nMAMCAQU=\n' } },
    /certificate 1 of 1 has no END CERTIFICATE line/,
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
  ...(
    [
      ['labels.team', 1],
      ['podLabels.on-call', true],
      ['annotations.build', 20240101],
      ['podAnnotations.prometheus.io/port', 9222],
      ['nodeSelector.zone', 3],
      ['service.annotations.example.com/weight', 1.1],
      ['podMonitor.labels.tier', 2],
      ['home.subPath', 2024],
      ['extraEnv[0].value', 8080],
      ['tolerations[0].value', true],
    ] as const
  ).map(([at, value]): [string, object, RegExp] => [
    `${at}, which YAML read for another thing than a text`,
    putAt(at, value),
    new RegExp(
      `: ${at.replace(/[[\].]/g, '\\$&')} is the (number|truth value) ${value}, and a text is wanted: .* with --set-string`,
    ),
  ]),
  ['a label value with a blank', { podLabels: { team: 'a b' } }, /'\/podLabels\/team': 'a b' does not match/],
  ['a release name of 45 letters', {}, /the release name "r{45}" has 45 characters; 40 fit/, 'r'.repeat(45)],
  ['a release name that starts with a digit', {}, /the release name "1dev" cannot name a Service/, '1dev'],
  ['a release name with a dot', {}, /the release name "my\.dev" cannot name a Service/, 'my.dev'],
];

/** Values with one at a path: a key of a map may have dots of its own. */
function putAt(at: string, value: unknown): object {
  const [, list, field = ''] = /^(\w+)\[0\]\.(\w+)$/.exec(at) ?? [];
  if (list !== undefined) return { [list]: [{ ...(list === 'extraEnv' ? { name: 'PORT' } : {}), [field]: value }] };
  const depth = /^(service|podMonitor)\./.test(at) ? 2 : 1;
  const keys = at.split('.');
  const path = [...keys.slice(0, depth), keys.slice(depth).join('.')];
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}

function toPem(body: string): string {
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

describe.each(HELMS)('%s refuses', (helm) => {
  test.each(share(BAD, helm))('%s', async (_title, values, sentence, release = 'ws-dev') => {
    const refusal = await render(values, { helm, release }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    const lines = (refusal as Refusal).message.split('\n');
    const found = lines.filter((line) => sentence.test(line));
    expect(found).toHaveLength(1);
    // Not where something else begins, such as the pod of `helm test`.
    expect(found[0]).toMatch(/execution error at \(ws-workspace\/templates\/values\/validate\.yaml:|^- at '/);
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
    { authorizedKeys: KEYS.filter(({ type }) => type.startsWith('sk-')).map(({ type, blob }) => `${type} ${blob}`) },
  ],
  [
    'options in any case, with what looks like their end in quotes',
    { authorizedKeys: [`No-PTY,Command="a, \\"b=c\\" d" ${PUBLIC_KEY}`] },
  ],
  ['the line end of Windows after a key', { authorizedKeys: [`${PUBLIC_KEY}\r\n`] }],
  [
    'certificates with the line ends of Windows',
    { extraCaCertificates: { pem: '-----BEGIN CERTIFICATE-----\r\nMAMC\r\nAQU=\r\n-----END CERTIFICATE-----\r\n' } },
  ],
  ['blanks around a key', { authorizedKeys: [`  ${PUBLIC_KEY}\n`] }],
  ['a name that starts with two dots', { home: { type: 'claim', subPath: '..data/a' } }],
  [
    'networks of both families',
    {
      service: {
        type: 'LoadBalancer',
        loadBalancerSourceRanges: [
          '0.0.0.0/0',
          '203.0.113.255/32',
          '::/0',
          '2001:db8::/32',
          'fe80::1:2/64',
          '1:2:3:4:5:6:7:8/128',
        ],
      },
    },
  ],
  ['cores as a number', { resources: { limits: { cpu: 0.5 } } }],
  ['bytes as a number', { home: { type: 'claim', size: 2 ** 33 }, resources: { limits: { memory: 2 ** 32 } } }],
  ['a tag of digits as a text', { image: { tag: '20240101' } }],
  ['the largest UID', { user: { uid: 2147483647, gid: 2147483647 } }],
];

test.each(GOOD)('takes %s', async (_title, values) => {
  expect(await render(values)).not.toHaveLength(0);
});
