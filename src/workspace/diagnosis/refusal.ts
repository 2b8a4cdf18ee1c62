import { advice, kubectl, type Suggestion } from '../errors/suggestion.ts';

const LIMIT_RANGE = /(?:imum \S+ usage|limit to request ratio) per (?:Container|Pod|PersistentVolumeClaim) is/;

/** What to do where the API server refuses to make an object of a workspace, by its words; undefined where they say it themselves. */
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
