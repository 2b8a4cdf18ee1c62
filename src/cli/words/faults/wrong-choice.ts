import { findNearest } from '../../../workspace/errors/nearest.ts';
import type { Command } from '../../../workspace/errors/suggestion.ts';

/** Up to this many get a line each. */
const FEW = 3;

/** The line with the choice that was probably meant; with each, when there are few and none is near. */
export function chooseNearest(
  typed: string,
  choices: readonly string[],
  toLine: (choice: string) => Command,
): Command[] {
  const nearest = findNearest(typed, choices);
  if (nearest !== undefined) return [toLine(nearest)];
  return choices.slice(0, choices.length > FEW ? 1 : FEW).map(toLine);
}
