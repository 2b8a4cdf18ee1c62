/** What the work gives; undefined where it throws, for whoever can do without. */
export function tryTo<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
