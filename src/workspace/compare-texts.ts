/**
 * The order of two texts by their characters' numbers, for `toSorted`: the same on every machine. `localeCompare` has
 * an order of its own for each language, and loads it: 8 ms of processor time for each command.
 */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
