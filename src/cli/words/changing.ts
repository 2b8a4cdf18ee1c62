/** Commands that make, change or end a workspace or what it has: whoever typed one of them means none of the others. */
const CHANGING = ['down', 'homes rm', 'keys add', 'keys rm', 'stop', 'up'];

/** Takes `keys rm` as people write it, and `keys:rm` as oclif does. */
export function isChanging(verb: string): boolean {
  return CHANGING.includes(verb.replaceAll(':', ' '));
}
