import type { InForce } from '../../operations/metrics/keys-in-force.ts';

/** When keys that were added count; none were where all of them stood there already. */
export function describeOpening(workspace: string, added: number, { kind }: InForce): string {
  const keys = added === 0 ? 'That key opens' : added === 1 ? 'It opens' : 'They open';
  switch (kind) {
    case 'now':
      return `${keys} workspace ${workspace} now.`;
    case 'soon':
      return `${keys} workspace ${workspace} within 90 seconds.`;
    case 'at-start':
      return `${keys} workspace ${workspace} when it runs.`;
  }
}

/** When a key that was removed is refused. */
export function describeClosing(workspace: string, { kind }: InForce): string {
  switch (kind) {
    case 'now':
      return `It no longer opens workspace ${workspace}; open sessions stay.`;
    case 'soon':
      return `It opens workspace ${workspace} for up to 90 seconds more; open sessions stay.`;
    case 'at-start':
      return `It does not open workspace ${workspace} when it runs again.`;
  }
}
