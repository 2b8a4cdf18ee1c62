/** The API server refuses to make an object of a workspace. */
import { advice, kubectl, type Suggestion } from '../../errors/suggestion.ts';
import type { Trouble } from '../trouble.ts';

const LIMIT_RANGE = /(?:imum \S+ usage|limit to request ratio) per (?:Container|Pod|PersistentVolumeClaim) is/;

/** What to do about it, by its words; undefined where they say it themselves. */
export function findRefusalAdvice(words: string): Suggestion | undefined {
  if (/exceeded quota/.test(words)) {
    const note = 'shows what is left: ask for less with --cpu, --memory or --size, or free some';
    return { ...kubectl`describe quota`, note };
  }
  if (LIMIT_RANGE.test(words))
    return { ...kubectl`describe limitrange`, note: 'shows what is allowed: choose it with --cpu, --memory or --size' };
  if (/violates PodSecurity/.test(words))
    return advice("A values file changed the pod's security settings; leave them as the chart has them");
  return undefined;
}

/** A pod that is refused: `words` is what the ReplicaFailure condition quotes. */
export function toCreationTrouble(words: string): Trouble {
  const whole = { ...kubectl`describe replicaset`, note: 'shows the whole refusal' };
  return { reason: 'FailedCreate', message: words, nature: 'lasting', suggestion: findRefusalAdvice(words) ?? whole };
}
