/** Somebody changed what the chart wrote, or an object that is no workspace has the labels of one. */
import { type Command, kubectl } from '../../errors/suggestion.ts';
import type { Trouble } from '../trouble.ts';

export function toDamage(deployment: string, damage: string): Trouble & { suggestion: Command } {
  return {
    reason: 'Damaged',
    message: `Deployment ${deployment} is not as the chart makes one: ${damage}`,
    suggestion: { ...kubectl`describe deployment ${deployment}`, note: 'shows what it says, and who made it' },
    nature: 'lasting',
  };
}
