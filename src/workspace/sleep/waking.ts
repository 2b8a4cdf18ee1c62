/** Which logins wake a workspace that sleeps. */

export const WAKE_RULES = ['human', 'always', 'never'] as const;
export type WakeRule = (typeof WAKE_RULES)[number];
export const DEFAULT_WAKE: WakeRule = 'human';
export const ABOUT_WAKE =
  'which login wakes a workspace that sleeps: human is one at a terminal, or within a minute of that';

export function findWakeRule(text: string | undefined): WakeRule | undefined {
  return WAKE_RULES.find((rule) => rule === text);
}

export interface Waking {
  rule: WakeRule;
  /** Whether a person does this: at a terminal, or shortly after somebody was at one. */
  isByPerson(): boolean;
  /** Why it wakes nothing, where no flag has said so. */
  because?: string;
}

/** For what wakes nothing, whatever flags say. `because` is the sentence for it. */
export function neverWake(because: string): Waking {
  return { rule: 'never', isByPerson: () => false, because };
}

/** For what logs in by itself. */
export const NEVER_WAKE = neverWake('What connects by itself wakes nothing');

export function mayWake({ rule, isByPerson }: Waking): boolean {
  return rule === 'always' || (rule === 'human' && isByPerson());
}
