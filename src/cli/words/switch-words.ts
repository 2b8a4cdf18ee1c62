/** What a variable says of a switch: yes or no. The parser would take any other word for no, and silently. */

export const SWITCH_WORDS = { yes: ['yes', 'y', 'true', 'on', '1'], no: ['no', 'n', 'false', 'off', '0'] } as const;

/** Undefined for what is neither. */
export function readSwitch(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (SWITCH_WORDS.yes.some((yes) => yes === word)) return true;
  return SWITCH_WORDS.no.some((no) => no === word) ? false : undefined;
}
