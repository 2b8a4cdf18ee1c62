/** What would change in files, as `diff -u` prints it: for people to read, and for `patch` to apply. */

interface FileChange {
  path: string;
  /** Both are empty for a file that is not there. One character per byte keeps every encoding. */
  before: string;
  after: string;
}

/** Nothing for files that stay as they are. `/dev/null` stands for a file that is not there. */
export async function formatFileChanges(changes: readonly FileChange[]): Promise<string> {
  // Only `--dry-run` needs it.
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff/lib/patch/create.js');
  const toName = (text: string, path: string) => (text === '' ? '/dev/null' : path);
  return changes
    .filter(({ before, after }) => before !== after)
    .map(({ path, before, after }) =>
      createTwoFilesPatch(toName(before, path), toName(after, path), before, after, undefined, undefined, {
        context: 3,
        headerOptions: FILE_HEADERS_ONLY,
      }),
    )
    .join('');
}
