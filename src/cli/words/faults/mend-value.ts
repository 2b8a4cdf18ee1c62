import { CHOICE_NAMES, findMeant, toFlagName } from '../../../workspace/choices/chosen.ts';
import { proposeTime } from '../../../workspace/sleep/time-words.ts';

/** The value that was meant for a flag, where the typed one lacks its unit, say; as it was typed otherwise. */
export function mendValue(flag: string, typed: string): string {
  if (flag === 'wait-timeout') return proposeTime(typed) ?? typed;
  const name = CHOICE_NAMES.find((one) => toFlagName(one) === flag);
  return name === undefined ? typed : (findMeant(name, typed) ?? typed);
}
