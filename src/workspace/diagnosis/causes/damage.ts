/** Somebody changed what the chart wrote, or an object has the labels of a workspace and is none. */
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
