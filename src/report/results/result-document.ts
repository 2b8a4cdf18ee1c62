/** The version of all that `ws` writes as JSON: results, errors, progress lines. It changes when a reader of the old form would break. */
export const JSON_VERSION = 1;

/** What `--json` prints of a command's result: one object, with its version first; a list stands in `items`. */
export function toResultDocument(result: unknown): object {
  return Array.isArray(result) ? { v: JSON_VERSION, items: result } : { v: JSON_VERSION, ...(result as object) };
}
