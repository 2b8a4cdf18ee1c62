/**
 * The quick door: command lines that scripts, editors and OpenSSH start over and over, read without the parser, which
 * takes as long to load as all the rest. What is taken here means the same to the parser; a test holds that. Everything
 * else goes to the parser.
 */
import { parseWorkspaceLabel } from '../../workspace/state/cluster-words.ts';
import { DEFAULT_WAIT, parseDuration } from '../command/durations.ts';
import { allowsSharing, type ProxyRequest, type SshRequest } from '../session/requests.ts';
import { quoteWords } from '../session/words/remote-words.ts';
import { splitCommand } from '../session/words/split-command.ts';

type PlainRequest = { verb: 'ssh'; request: SshRequest } | { verb: 'proxy'; request: ProxyRequest };

/** The meaning of each flag with a value. */
const PLAIN_FLAGS: Record<string, 'context' | 'namespace' | 'kubeconfig' | 'workspace'> = {
  '--context': 'context',
  '--namespace': 'namespace',
  '-n': 'namespace',
  '--kubeconfig': 'kubeconfig',
  '--workspace': 'workspace',
  '-w': 'workspace',
};

/** The defaults of the other flags of `ws ssh`. */
const PLAIN_SESSION = {
  tmux: undefined,
  wantsTty: false,
  forwardAgent: false,
  escapes: true,
  identityPath: undefined,
  acceptHostKey: undefined,
  keepPassphrase: undefined,
  forwards: undefined,
  progress: 'sparing',
} as const;

/** Flags of `ws ssh` without a value. */
const SWITCHES = ['--no-share', '--keep-words'];

/** Variables that stand for further flags. */
const OTHER_FLAGS = ['WS_PROGRESS', 'WS_DEBUG', 'WS_IDENTITY', 'WS_WAIT_TIMEOUT', 'WS_KEEP_PASSPHRASE'];

/** Where the command's name stands: flags with a value may stand before it. */
export function findVerb(words: string[]): number {
  let at = 0;
  while (Object.hasOwn(PLAIN_FLAGS, words[at] ?? '')) at += 2;
  return at;
}

/**
 * Undefined for anything else than `ssh [WORKSPACE] [FLAG VALUE]… [SWITCH]… [[--] COMMAND…]` and
 * `proxy [WORKSPACE] [FLAG VALUE]…`, each flag once, before the name or behind it, and for what is an error: the parser
 * says so.
 */
export function parsePlainWords(words: string[], environment: NodeJS.ProcessEnv): PlainRequest | undefined {
  const start = findVerb(words);
  const verb = words[start];
  const typed = words.toSpliced(start, 1);
  if ((verb !== 'ssh' && verb !== 'proxy') || OTHER_FLAGS.some((name) => environment[name])) return undefined;
  const split = verb === 'ssh' ? splitCommand(typed) : undefined;
  const { before } = split ?? { before: typed };
  const found = new Map<string, string>();
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    const flag = Object.hasOwn(PLAIN_FLAGS, word) ? PLAIN_FLAGS[word] : undefined;
    const isSwitch = verb === 'ssh' && SWITCHES.includes(word);
    if (flag !== undefined) at += 1;
    const name = flag ?? (isSwitch ? word : 'position');
    const value = before[at] ?? '';
    if (value === '' || found.has(name) || (value.startsWith('-') && !isSwitch)) return undefined;
    found.set(name, value);
  }
  const flag = found.get('workspace');
  const workspace = found.get('position') ?? flag ?? (environment.WS_WORKSPACE || undefined);
  if (flag !== undefined && flag !== workspace) return undefined;
  if (workspace !== undefined && parseWorkspaceLabel(workspace) === undefined) return undefined;
  const place = {
    context: found.get('context') ?? (environment.WS_CONTEXT || undefined),
    namespace: found.get('namespace') ?? (environment.WS_NAMESPACE || undefined),
    kubeconfig: found.get('kubeconfig'),
  };
  const request = { place, workspace, waitTimeoutMs: parseDuration(DEFAULT_WAIT, 'wait-timeout'), debug: false };
  if (split === undefined) return { verb: 'proxy', request };
  const join = found.has('--keep-words') ? quoteWords : (parts: string[]) => parts.join(' ');
  const command = split.command === undefined ? undefined : join(split.command);
  if (command === '') return undefined;
  const share = !found.has('--no-share') && allowsSharing(environment);
  return { verb: 'ssh', request: { ...PLAIN_SESSION, ...request, command, meant: split.meant, share } };
}
