/** The command lines that need no parser: a command for a named workspace and at most the flags that say where it is. */

export interface SharedWords {
  /** Undefined: the environment or the directory says which. */
  workspace: string | undefined;
  context: string | undefined;
  namespace: string | undefined;
  kubeconfig: string | undefined;
  /** The words after `--`, joined as ssh does. */
  command: string;
}

const FLAGS: Record<string, 'context' | 'namespace' | 'kubeconfig'> = {
  '--context': 'context',
  '--namespace': 'namespace',
  '-n': 'namespace',
  '--kubeconfig': 'kubeconfig',
};

/** Undefined for anything else than `ssh [WORKSPACE] [FLAG VALUE]… -- COMMAND…`: the parser judges that. */
export function parseSharedWords(words: string[]): SharedWords | undefined {
  const dashes = words.indexOf('--');
  const command = words.slice(dashes + 1).join(' ');
  if (words[0] !== 'ssh' || dashes < 0 || command === '') return undefined;
  const found: SharedWords = {
    workspace: undefined,
    context: undefined,
    namespace: undefined,
    kubeconfig: undefined,
    command,
  };
  const before = words.slice(1, dashes);
  while (before.length > 0) {
    const word = before.shift() ?? '';
    const flag = FLAGS[word];
    if (flag !== undefined && before.length > 0) found[flag] = before.shift();
    else if (!word.startsWith('-') && word !== '' && found.workspace === undefined) found.workspace = word;
    else return undefined;
  }
  return found;
}
