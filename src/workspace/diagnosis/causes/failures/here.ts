/** What this machine, its Helm, and what was typed have to do with it. */
import { advice } from '../../../errors/suggestion.ts';
import type { Cause } from '../../cause.ts';
import { findSystemCode, toFailedCause } from './failed.ts';

export const HERE: Cause[] = [
  toFailedCause({
    code: 'LOCAL_DISK_FULL',
    group: 'here',
    title: 'A file system of this machine is full',
    looksLike: 'A file of `ws` or of ssh cannot be written: the disk is full.',
    help: 'Make room there: `df -h` shows how full each is. `WS_CONFIG_DIR=FOLDER` uses another folder.',
    of: ['LOCAL_FILE_FAILED', 'SETTINGS_INVALID'],
    isOf: (error) => ['ENOSPC', 'EDQUOT'].includes(findSystemCode(error) ?? '') || error.reason === 'the disk is full',
  }),
  toFailedCause({
    code: 'LOCAL_FILE_REFUSED',
    group: 'here',
    title: 'A file of this machine may not be used, or is in the way',
    looksLike:
      'A file of `ws` or of ssh cannot be read or written: its rights, its owner, a file where a folder has to be.',
    help: '`ls -ld FILE` shows whose it is. `WS_CONFIG_DIR=FOLDER` uses another folder.',
    of: ['LOCAL_FILE_FAILED', 'SETTINGS_INVALID'],
    isOf: (error) =>
      ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST'].includes(findSystemCode(error) ?? '') ||
      /a part of its path is a file|^it may not be|^it is a directory/.test(error.reason ?? ''),
  }),
  toFailedCause({
    code: 'HELM_RELEASE_TOO_LARGE',
    group: 'here',
    title: 'The values are more than a Secret can hold',
    looksLike: 'Helm fails with "Too long: may not be more than 1048576 bytes".',
    help: 'Take what is large out of the values file: mount a ConfigMap or a volume with `extraVolumes` instead.',
    of: ['HELM_FAILED'],
    isOf: ({ reason = '' }) => /sh\.helm\.release\.v1\.\S+" is invalid: data: Too long/.test(reason),
    suggest: () => [advice('Take what is large out of the values file, and mount it with extraVolumes')],
  }),
  toFailedCause({
    code: 'USER_WRONG',
    group: 'here',
    title: 'The workspace has another user than the one that was named',
    looksLike: '`ws ssh root@dev` says which user the workspace has.',
    help: 'Leave the user out: `ws ssh dev`.',
    of: ['BAD_WORKSPACE_NAME'],
    isOf: ({ message }) => / has no user /.test(message),
  }),
];
