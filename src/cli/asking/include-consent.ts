import { isChanged, type SshConfigPlan } from '../../operations/ssh-config/plan.ts';
import type { Consent } from './consent.ts';

/**
 * What `ws config-ssh` asks before the user's own configuration gets its line; undefined if it has that already. A No
 * leaves the line to the user, and the rest is done.
 */
export function toIncludeConsent({ users, includeLine }: SshConfigPlan): Consent | undefined {
  if (!isChanged(users)) return undefined;
  return { facts: [includeLine], deed: `put this line at the top of ${users.path}`, undone: 'Nothing was written' };
}
