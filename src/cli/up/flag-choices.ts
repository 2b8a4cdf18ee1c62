import {
  type Choices,
  type HomeChoice,
  parseImage,
  parseNodeSelector,
  parseToleration,
} from '../../workspace/choices/choices.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { isPrintable } from '../../workspace/errors/printable.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { flagOfUp, parseId, parseSize, parseUsername } from '../../workspace/names.ts';
import type { UpFlags } from './up-flags.ts';

/** What the flags themselves choose, checked; nothing that they leave open. The key is not part of it. */
export function toChoices(flags: UpFlags): Choices {
  const image = flags.image;
  if (image !== undefined) parseImage(image);
  const choices: Choices = {};
  if (flags.user !== undefined) choices.user = parseUsername(flags.user);
  if (flags.uid !== undefined) choices.uid = parseId(flags.uid, 'UID');
  if (flags.gid !== undefined) choices.gid = parseId(flags.gid, 'GID');
  const home = toHome(flags);
  if (home !== undefined) choices.home = home;
  if (flags['sub-path'] !== undefined) choices.subPath = parseSubPath(flags['sub-path']);
  if (image !== undefined) choices.image = image;
  if (flags.cpu !== undefined) choices.cpu = parseCpu(flags.cpu);
  if (flags.memory !== undefined) choices.memory = parseSize(flags.memory, flagOfUp('memory'));
  if (flags['node-selector'] !== undefined) choices.nodeSelector = parseNodeSelector(flags['node-selector']);
  if (flags.toleration !== undefined) choices.tolerations = flags.toleration.map(parseToleration);
  return choices;
}

function toHome(flags: UpFlags): HomeChoice | undefined {
  const size = flags.size === undefined ? undefined : parseSize(flags.size, flagOfUp('size'));
  if (flags.home !== undefined) {
    if (size !== undefined)
      throw failure('CONFLICTING_FLAGS', {
        message: '--size is the size of a new volume, and --home names one that is there',
        suggestions: [ws`up --home ${flags.home}`],
      });
    return { kind: 'existing-claim', name: flags.home };
  }
  const name = flags['storage-class'];
  if (name === undefined && size === undefined) return undefined;
  if (name === 'none') {
    if (size !== undefined)
      throw failure('CONFLICTING_FLAGS', {
        message: '--size is the size of a volume, and --storage-class none has none',
        suggestions: [ws`up --storage-class default --size 10Gi`],
      });
    return { kind: 'emptyDir' };
  }
  return { kind: 'claim', storageClass: name === 'default' ? undefined : name, size };
}

function parseCpu(text: string): string {
  if (/^(\d+m|\d+(\.\d+)?)$/.test(text) && Number.parseFloat(text) > 0) return text;
  throw failure('BAD_VALUE', {
    message: `--cpu "${text}" is not an amount of CPU`,
    reason: 'an amount is a number of cores, or thousandths with m',
    suggestions: [ws`up --cpu 2`, ws`up --cpu 500m`],
  });
}

function parseSubPath(text: string): string {
  const parts = text.split('/');
  if (isPrintable(text) && text !== '' && !text.startsWith('/') && !parts.includes('..') && !parts.includes(''))
    return text;
  throw failure('BAD_VALUE', {
    message: `--sub-path "${text}" is not a folder of the volume`,
    reason: 'it is relative, without "..", empty parts and control characters',
    suggestions: [ws`up --sub-path projects/dev`],
  });
}
