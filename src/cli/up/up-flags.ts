import { Flags } from '@oclif/core';
import { connectFlags, keepPassphraseFlag } from '../command/flags.ts';

/** Every question of the form has a flag and an environment variable; the rest are for those who know what they want. */
export const upFlags = {
  user: Flags.string({
    description: 'username in the workspace',
    env: 'WS_USER',
    helpGroup: 'WORKSPACE',
    helpValue: 'NAME',
  }),
  uid: Flags.string({
    description: 'user ID in the workspace',
    env: 'WS_UID',
    helpGroup: 'WORKSPACE',
    helpValue: 'ID',
  }),
  gid: Flags.string({
    description: 'group ID in the workspace',
    env: 'WS_GID',
    helpGroup: 'WORKSPACE',
    helpValue: 'ID',
  }),
  'storage-class': Flags.string({
    description: 'storage class of the home; "default" is the cluster\'s, "none" loses the home with the pod',
    env: 'WS_STORAGE_CLASS',
    helpGroup: 'HOME',
    helpValue: 'NAME',
  }),
  size: Flags.string({ description: 'size of a new home', env: 'WS_SIZE', helpGroup: 'HOME', helpValue: '10Gi' }),
  home: Flags.string({
    description: 'an existing volume claim as the home',
    env: 'WS_HOME_CLAIM',
    helpGroup: 'HOME',
    helpValue: 'CLAIM',
    exclusive: ['storage-class'],
  }),
  'sub-path': Flags.string({
    description: 'a folder of the volume as the home',
    env: 'WS_SUB_PATH',
    helpGroup: 'HOME',
    helpValue: 'PATH',
  }),
  key: Flags.string({
    char: 'k',
    description: 'key that opens the workspace: a private or public key file, or SHA256:… of one that the agent holds',
    env: 'WS_KEY',
    helpGroup: 'WORKSPACE',
    helpValue: 'FILE',
  }),
  image: Flags.string({ description: 'image to run', env: 'WS_IMAGE', helpGroup: 'POD', helpValue: 'NAME[:TAG]' }),
  cpu: Flags.string({ description: 'CPU limit', env: 'WS_CPU', helpGroup: 'POD', helpValue: '2' }),
  memory: Flags.string({ description: 'memory limit', env: 'WS_MEMORY', helpGroup: 'POD', helpValue: '4Gi' }),
  'node-selector': Flags.string({
    description: 'only on nodes with this label',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'POD',
    helpValue: 'KEY=VALUE',
  }),
  toleration: Flags.string({
    description: 'also on nodes with this taint',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'POD',
    helpValue: 'KEY[=VALUE][:EFFECT]',
  }),
  values: Flags.string({
    char: 'f',
    description: "the chart's values, below what flags say",
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'POD',
    helpValue: 'FILE',
  }),
  'create-namespace': Flags.boolean({
    description: 'make the namespace if it is not there',
    env: 'WS_CREATE_NAMESPACE',
  }),
  yes: Flags.boolean({ char: 'y', description: 'ask nothing; take the defaults', env: 'WS_YES' }),
  shell: Flags.boolean({ description: 'end in a shell', default: true, allowNo: true }),
  repair: Flags.boolean({ description: 'write the release again though nothing changed' }),
  ...keepPassphraseFlag,
  'local-port': Flags.string({
    description:
      'local port that leads to the SSH server while you are connected; 0 for none (default 2222, or the next free one)',
    env: 'WS_LOCAL_PORT',
    helpValue: 'PORT',
  }),
  dotfiles: Flags.string({
    description: 'repository with your dotfiles; its install script is run once',
    env: 'WS_DOTFILES',
    helpGroup: 'HOME',
    helpValue: 'URL',
  }),
  clone: Flags.string({
    description: 'repository to clone into the home once',
    env: 'WS_CLONE',
    helpGroup: 'HOME',
    helpValue: 'URL',
  }),
  ...connectFlags,
};

/** The parsed form of `upFlags`, as far as choices are made from it or the form repeats it. */
export interface UpFlags {
  user?: string | undefined;
  uid?: string | undefined;
  gid?: string | undefined;
  'storage-class'?: string | undefined;
  size?: string | undefined;
  home?: string | undefined;
  'sub-path'?: string | undefined;
  key?: string | undefined;
  image?: string | undefined;
  cpu?: string | undefined;
  memory?: string | undefined;
  'node-selector'?: string[] | undefined;
  toleration?: string[] | undefined;
  values?: string[] | undefined;
  'create-namespace': boolean;
  identity?: string | undefined;
  clone?: string | undefined;
  dotfiles?: string | undefined;
  'local-port'?: string | undefined;
  'wait-timeout': string;
  shell: boolean;
  yes: boolean;
}
