/** The workspace runs, and its server lets nobody in. */
import type { Cause } from '../../cause.ts';
import { findSystemCode, toFailedCause } from './failed.ts';

export const LOGIN: Cause[] = [
  toFailedCause({
    code: 'KEYS_TOO_MANY',
    group: 'login',
    title: 'The server heard too many keys before the right one',
    looksLike: 'The agent holds many keys, and the login ends after a few of them.',
    help: 'Name the right one: `ws ssh dev --identity FILE`. If you may read the Secret of the authorized keys, `ws` offers no other.',
    of: ['KEY_NOT_AUTHORIZED'],
    isOf: (error) => findSystemCode(error) === 'KEYS_TOO_MANY',
  }),
  toFailedCause({
    code: 'AUTHORIZED_KEYS_UNUSABLE',
    group: 'login',
    title: 'The Secret of the authorized keys holds no key that can be read',
    looksLike: 'The workspace is ready, and refuses every key.',
    help: '`ws keys add dev FILE.pub` writes one that can be read; a Secret of your own needs it in its entry `authorized_keys`.',
    of: ['KEY_NOT_AUTHORIZED'],
    isOf: (error) => findSystemCode(error) === 'AUTHORIZED_KEYS_UNUSABLE',
  }),
];
