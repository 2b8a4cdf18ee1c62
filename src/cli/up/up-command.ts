import type { Choices, HomeChoice, Toleration } from '../../workspace/choices/choices.ts';
import type { Settings } from '../../workspace/choices/settings.ts';
import { maskSecrets } from '../../workspace/errors/secrets.ts';
import { type Command, run } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_HOME_SIZE } from '../../workspace/names.ts';
import { DEFAULT_WAIT } from '../command/durations.ts';
import type { UpAnswers } from './up-answers.ts';
import type { UpFlags } from './up-flags.ts';

/** The `ws up` that asks nothing and does the same: answers, and what flags, environment and settings said besides; a token of an address is left out. */
export function toUpCommand(
  workspace: string,
  answers: UpAnswers,
  choices: Choices,
  flags: UpFlags,
  saved: Settings,
): Command {
  const words = [
    'up',
    ...toFlag('user', answers.user),
    ...toFlag('uid', answers.uid),
    ...toFlag('gid', choices.gid),
    ...toHomeFlags(answers.home, saved),
    ...toFlag('sub-path', choices.subPath),
    ...toKeyFlags(answers.key),
    ...toFlag('image', choices.image),
    ...toFlag('cpu', choices.cpu),
    ...toFlag('memory', choices.memory),
    ...Object.entries(choices.nodeSelector ?? {}).flatMap(([key, value]) => toFlag('node-selector', `${key}=${value}`)),
    ...(choices.tolerations ?? []).flatMap((toleration) => toFlag('toleration', formatToleration(toleration))),
    ...(flags.values ?? []).flatMap((file) => toFlag('values', file)),
    ...(flags['create-namespace'] ? ['--create-namespace'] : []),
    ...toFlag('identity', flags.identity),
    ...toFlag('clone', flags.clone),
    ...toFlag('dotfiles', flags.dotfiles),
    ...toFlag('local-port', flags['local-port']),
    ...(flags['wait-timeout'] === DEFAULT_WAIT ? [] : toFlag('wait-timeout', flags['wait-timeout'])),
    ...(flags.shell ? [] : ['--no-shell']),
  ].map(maskSecrets);
  return { program: 'ws', words, workspace };
}

function toFlag(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}`, String(value)];
}

function toHomeFlags(home: HomeChoice | undefined, saved: Settings): string[] {
  switch (home?.kind) {
    case undefined:
      return [];
    case 'emptyDir':
      return toFlag('storage-class', 'none');
    case 'existing-claim':
      return toFlag('home', home.name);
    case 'claim':
      return [
        ...toFlag('storage-class', home.storageClass ?? 'default'),
        ...toFlag('size', home.size ?? saved.size ?? DEFAULT_HOME_SIZE),
      ];
  }
}

/** A key that only an agent holds has no file; its fingerprint names it. */
function toKeyFlags(key: UpAnswers['key']): string[] {
  if (key === undefined) return [];
  return toFlag('key', key.kind === 'generate' ? key.path : (key.identity.path ?? key.identity.fingerprint));
}

/** What makes a key that is still to be made: a command of its own, before the other. */
export function toKeyCommand({ key }: UpAnswers): Command[] {
  return key?.kind === 'generate' ? [run('ssh-keygen')`-q -t ed25519 -N ${''} -f ${key.path}`] : [];
}

function formatToleration({ key, value, effect }: Toleration): string {
  return `${key}${value === undefined ? '' : `=${value}`}${effect === undefined ? '' : `:${effect}`}`;
}
