import {
  DEFAULT_HOME_SIZE,
  DEFAULT_ID,
  DEFAULT_USER,
  findIdFault,
  findSizeFault,
  findUsernameFault,
  proposeCpu,
  proposeSize,
  translateSize,
} from '../names.ts';
import { toOneUnit } from '../sleep/time-words.ts';
import type { Choice, RepeatableChoice } from './choice.ts';
import {
  findCpuFault,
  findFolderFault,
  findImageFault,
  findMemoryFault,
  findNodeLabelFault,
  findObjectNameFault,
  findSpanFault,
  findTolerationFault,
  proposeSpan,
  readToleration,
  splitImage,
  splitNodeLabel,
  type Toleration,
  writeToleration,
} from './faults.ts';
import {
  findDefaultClass,
  getDefaultKey,
  ITS_OWN_CLASS,
  listKeyOptions,
  listStorageOptions,
  NO_CLASS,
} from './options.ts';

const asText = (text: string) => text;

/** All that `ws up` may be told about a workspace, in the order in which it is asked for, listed and repeated. */
export const CHOICES = {
  user: {
    flag: { description: 'username in the workspace', env: 'WS_USER', helpGroup: 'WORKSPACE', helpValue: 'NAME' },
    findFault: findUsernameFault,
    refusal: { code: 'BAD_USERNAME', words: "cannot be the workspace's username" },
    examples: [DEFAULT_USER],
    read: asText,
    toValues: (name) => ({ user: { name } }),
    setting: { about: 'username', otherwise: DEFAULT_USER },
    question: { label: 'Username', what: 'username', preset: () => DEFAULT_USER },
  } satisfies Choice<string>,

  uid: {
    flag: { description: 'user ID in the workspace', env: 'WS_UID', helpGroup: 'WORKSPACE', helpValue: 'ID' },
    findFault: findIdFault,
    refusal: { code: 'BAD_ID', words: 'cannot be used' },
    examples: [String(DEFAULT_ID)],
    read: Number,
    toValues: (uid) => ({ user: { uid } }),
    setting: { about: 'user ID', otherwise: String(DEFAULT_ID) },
    question: { label: 'User ID', what: 'user ID', preset: () => String(DEFAULT_ID) },
  } satisfies Choice<number>,

  gid: {
    flag: { description: 'group ID in the workspace', env: 'WS_GID', helpGroup: 'WORKSPACE', helpValue: 'ID' },
    findFault: findIdFault,
    refusal: { code: 'BAD_ID', words: 'cannot be used' },
    examples: [String(DEFAULT_ID)],
    read: Number,
    toValues: (gid) => ({ user: { gid } }),
    setting: { about: 'group ID', otherwise: 'the user ID' },
  } satisfies Choice<number>,

  storageClass: {
    flag: {
      description: 'storage class of the home; "default" is the cluster\'s, "none" loses the home with the pod',
      env: 'WS_STORAGE_CLASS',
      helpGroup: 'HOME',
      helpValue: 'NAME',
    },
    findFault: findObjectNameFault,
    refusal: { code: 'BAD_VALUE', words: 'cannot be a storage class' },
    examples: [ITS_OWN_CLASS, NO_CLASS],
    read: asText,
    toValues: (name) => {
      // Whoever says so has seen in the form, or in the answer, that there is a kept home.
      if (name === NO_CLASS) return { home: { type: 'emptyDir', ignoreKept: true } };
      return { home: { type: 'claim', ...(name === ITS_OWN_CLASS ? {} : { storageClass: name }) } };
    },
    setting: { about: 'storage class of the home, default or none', otherwise: "the cluster's default" },
    question: {
      label: 'Home',
      what: 'storage class',
      preset: findDefaultClass,
      options: listStorageOptions,
      isAsked: (known) => !known.has('home'),
    },
  } satisfies Choice<string>,

  size: {
    flag: { description: 'size of a new home, such as 20Gi', env: 'WS_SIZE', helpGroup: 'HOME', helpValue: 'SIZE' },
    findFault: findSizeFault,
    propose: proposeSize,
    translate: translateSize,
    refusal: { code: 'BAD_SIZE', words: 'is not a size' },
    examples: [DEFAULT_HOME_SIZE],
    read: asText,
    toValues: (size) => ({ home: { type: 'claim', size } }),
    setting: { about: 'size of the home', otherwise: DEFAULT_HOME_SIZE },
    question: {
      label: 'Home size',
      what: 'home size',
      preset: () => DEFAULT_HOME_SIZE,
      // Of a class that was named without a size, the size is the default.
      isAsked: (_known, { storageClass = NO_CLASS }) => storageClass !== NO_CLASS,
    },
  } satisfies Choice<string>,

  home: {
    flag: {
      description: 'an existing volume claim as the home',
      env: 'WS_HOME_CLAIM',
      helpGroup: 'HOME',
      helpValue: 'CLAIM',
      exclusive: ['storage-class'],
    },
    findFault: findObjectNameFault,
    refusal: { code: 'BAD_VALUE', words: 'cannot be a volume claim' },
    examples: ['my-data'],
    read: asText,
    toValues: (claim) => ({ home: { type: 'existingClaim', existingClaim: claim } }),
  } satisfies Choice<string>,

  subPath: {
    flag: {
      description: 'a folder of the volume as the home',
      env: 'WS_SUB_PATH',
      helpGroup: 'HOME',
      helpValue: 'PATH',
    },
    findFault: findFolderFault,
    refusal: { code: 'BAD_VALUE', words: 'is not a folder of the volume' },
    examples: ['projects/dev'],
    read: asText,
    toValues: (subPath) => ({ home: { subPath } }),
  } satisfies Choice<string>,

  identity: {
    flag: {
      description:
        'key to log in with, which a new workspace accepts: a private or public key file, or SHA256:… of one that the agent holds',
      env: 'WS_IDENTITY',
      helpGroup: 'WORKSPACE',
      helpValue: 'FILE',
      char: 'i',
      former: { name: 'key', char: 'k', env: 'WS_KEY' },
    },
    // Whether it is a key is known when it is read.
    findFault: (text) => (text === '' ? 'it is empty' : undefined),
    refusal: { code: 'BAD_VALUE', words: 'names no key' },
    examples: ['~/.ssh/id_ed25519'],
    read: asText,
    setting: { about: 'key to log in with', otherwise: 'the first that is found' },
    question: { label: 'Key', what: 'key', preset: getDefaultKey, options: listKeyOptions },
  } satisfies Choice<string>,

  image: {
    flag: {
      // As the chart completes it, whose appVersion is the version of ws.
      description: "image to run; without a tag the one of ws's version, not latest",
      env: 'WS_IMAGE',
      helpGroup: 'POD',
      helpValue: 'NAME[:TAG]',
    },
    findFault: findImageFault,
    refusal: { code: 'BAD_VALUE', words: 'is not an image' },
    examples: ['registry.example.com/team/ws-workspace:0.2.0'],
    read: asText,
    toValues: (image) => ({ image: splitImage(image) }),
    setting: { about: 'image to run', otherwise: "the chart's" },
  } satisfies Choice<string>,

  cpu: {
    flag: { description: 'CPU limit, such as 2', env: 'WS_CPU', helpGroup: 'POD', helpValue: 'CPUS' },
    findFault: findCpuFault,
    propose: proposeCpu,
    refusal: { code: 'BAD_VALUE', words: 'is not an amount of CPU' },
    examples: ['2', '500m'],
    read: asText,
    toValues: (cpu) => ({ resources: { limits: { cpu } } }),
    setting: { about: 'CPU limit', otherwise: "the chart's" },
  } satisfies Choice<string>,

  memory: {
    flag: { description: 'memory limit, such as 4Gi', env: 'WS_MEMORY', helpGroup: 'POD', helpValue: 'SIZE' },
    findFault: findMemoryFault,
    propose: proposeSize,
    translate: translateSize,
    refusal: { code: 'BAD_SIZE', words: 'cannot be the memory limit' },
    examples: ['4Gi'],
    read: asText,
    toValues: (memory) => ({ resources: { limits: { memory } } }),
    setting: { about: 'memory limit', otherwise: "the chart's" },
  } satisfies Choice<string>,

  ttl: {
    flag: {
      description: 'stop it so long after each start, whatever works in it, such as 8h; "none" takes that back',
      env: 'WS_TTL',
      helpGroup: 'POD',
      helpValue: 'TIME',
    },
    findFault: findSpanFault,
    propose: proposeSpan,
    refusal: { code: 'BAD_VALUE', words: 'is no time' },
    examples: ['8h'],
    read: toOneUnit,
    toValues: (span) => ({ idle: { endAfter: span === 'none' ? '' : span } }),
  } satisfies Choice<string>,

  nodeSelector: {
    flag: {
      description: "only on nodes with this label, instead of those from before; '' for any node",
      helpGroup: 'POD',
      helpValue: 'KEY=VALUE',
      multiple: true,
    },
    findFault: findNodeLabelFault,
    refusal: { code: 'BAD_VALUE', words: 'is not a label' },
    examples: ['disktype=ssd'],
    read: splitNodeLabel,
    write: ([key, value]) => (key === '' ? '' : `${key}=${value}`),
    toValues: (labels) => ({ nodeSelector: Object.fromEntries(labels.filter(([key]) => key !== '')) }),
  } satisfies RepeatableChoice<[key: string, value: string]>,

  toleration: {
    flag: {
      description: 'also on nodes with this taint',
      helpGroup: 'POD',
      helpValue: 'KEY[=VALUE][:EFFECT]',
      multiple: true,
    },
    findFault: findTolerationFault,
    refusal: { code: 'BAD_VALUE', words: 'cannot be read' },
    examples: ['dedicated=dev:NoSchedule'],
    read: readToleration,
    write: writeToleration,
    toValues: (tolerations) => ({ tolerations }),
  } satisfies RepeatableChoice<Toleration>,
};
