/** Somebody changed what the chart wrote, or an object that is no workspace has the labels of one. */
import { type Command, kubectl } from '../../errors/suggestion.ts';
import type { Cause } from '../cause.ts';

export const DAMAGED: Cause = {
  code: 'DAMAGED',
  group: 'other',
  title: 'The Deployment is not as the chart makes one',
  looksLike: 'Nobody logs in to it; `ws ls` shows it as damaged.',
  help: '`kubectl describe deployment` shows who made it. `ws up dev --repair` writes a release of your own again.',
  waiting: 'useless',
  find: ({ snapshot }) => {
    const { deployment } = snapshot ?? {};
    if (deployment?.damage === undefined) return [];
    const { message, suggestion } = toDamage(deployment.name, deployment.damage);
    return [{ reason: 'Damaged', message, evidence: [], suggestions: [suggestion], unseen: [] }];
  },
};

export function toDamage(deployment: string, damage: string): { message: string; suggestion: Command } {
  return {
    message: `Deployment ${deployment} is not as the chart makes one: ${damage}`,
    suggestion: { ...kubectl`describe deployment ${deployment}`, note: 'shows what it says, and who made it' },
  };
}
