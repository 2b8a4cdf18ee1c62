/**
 * The command lines that need no parser: those that scripts, editors and OpenSSH start over and over, with at most the
 * flags that say where the workspace is. The parser would take as long to load as all the rest.
 */

export interface PlainWords {
  verb: 'ssh' | 'proxy';
  /** Undefined: the environment, the directory or the cluster says which. */
  workspace: string | undefined;
  context: string | undefined;
  namespace: string | undefined;
  kubeconfig: string | undefined;
  /** False: `--no-share`. */
  share: boolean;
  /** The words after `--`, joined as ssh does; undefined for a shell. */
  command: string | undefined;
}

/** Each is a flag of these commands; `docs/commands.md` lists them all. */
export const PLAIN_FLAGS: Record<string, 'context' | 'namespace' | 'kubeconfig'> = {
  '--context': 'context',
  '--namespace': 'namespace',
  '-n': 'namespace',
  '--kubeconfig': 'kubeconfig',
};

/** Variables that stand for flags beyond those. */
const OTHER_FLAGS = ['WS_PROGRESS', 'WS_IDENTITY', 'WS_WAIT_TIMEOUT', 'WS_KEEP_PASSPHRASE'];

/**
 * Undefined for anything else than `ssh [WORKSPACE] [FLAG VALUE]… [--no-share] [-- COMMAND…]` and
 * `proxy [WORKSPACE] [FLAG VALUE]…`: the parser judges that.
 */
export function parsePlainWords(words: string[], environment: NodeJS.ProcessEnv): PlainWords | undefined {
  const [verb, ...rest] = words;
  if ((verb !== 'ssh' && verb !== 'proxy') || OTHER_FLAGS.some((name) => environment[name])) return undefined;
  const dashes = rest.indexOf('--');
  const before = dashes < 0 ? rest : rest.slice(0, dashes);
  const command = dashes < 0 ? undefined : rest.slice(dashes + 1).join(' ');
  if (command === '' || (command !== undefined && verb === 'proxy')) return undefined;
  const found: PlainWords = {
    verb,
    workspace: undefined,
    context: undefined,
    namespace: undefined,
    kubeconfig: undefined,
    share: true,
    command,
  };
  while (before.length > 0) {
    const word = before.shift() ?? '';
    const flag = Object.hasOwn(PLAIN_FLAGS, word) ? PLAIN_FLAGS[word] : undefined;
    if (flag !== undefined && before[0] && !before[0].startsWith('-')) found[flag] = before.shift();
    else if (word === '--no-share' && verb === 'ssh') found.share = false;
    else if (!word.startsWith('-') && word !== '' && found.workspace === undefined) found.workspace = word;
    else return undefined;
  }
  return found;
}
