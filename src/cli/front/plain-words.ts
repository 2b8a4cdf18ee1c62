/**
 * The quick door: command lines that scripts, editors and OpenSSH start over and over, read without the parser, which
 * takes as long to load as all the rest. What is taken here means the same to the parser; a test holds that. Everything
 * else goes to the parser.
 */

import { isPlacedHost } from '../../workspace/naming/address.ts';
import { findWakeRule } from '../../workspace/sleep/waking.ts';
import { parseWorkspaceLabel } from '../../workspace/state/cluster-words.ts';
import type { ProxyRequest, SshRequest } from '../session/requests.ts';
import { quoteWords } from '../session/words/remote-words.ts';
import { DEFAULT_WAIT, parseDuration } from '../words/durations.ts';
import { splitCommand } from '../words/split-command.ts';
import { readSwitch } from '../words/switch-words.ts';

type PlainRequest = { verb: 'ssh'; request: SshRequest } | { verb: 'proxy'; request: ProxyRequest };

/** The meaning of each flag with a value. */
const PLAIN_FLAGS: Record<string, 'context' | 'namespace' | 'kubeconfig' | 'workspace' | 'wake'> = {
  '--context': 'context',
  '--namespace': 'namespace',
  '-n': 'namespace',
  '--kubeconfig': 'kubeconfig',
  '--workspace': 'workspace',
  '-w': 'workspace',
  '--wake': 'wake',
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
const OTHER_FLAGS = ['WS_PROGRESS', 'WS_DEBUG', 'WS_IDENTITY', 'WS_WAIT_TIMEOUT', 'WS_KEEP_PASSPHRASE', 'WS_RESUME'];

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
  if (workspace !== undefined && (parseWorkspaceLabel(workspace) === undefined || isPlacedHost(workspace)))
    return undefined;
  const place = {
    context: found.get('context') ?? (environment.WS_CONTEXT || undefined),
    namespace: found.get('namespace') ?? (environment.WS_NAMESPACE || undefined),
    kubeconfig: found.get('kubeconfig'),
  };
  const said = found.get('wake') ?? (environment.WS_WAKE || undefined);
  const wake = findWakeRule(said);
  if (said !== undefined && wake === undefined) return undefined;
  const waitTimeoutMs = parseDuration(DEFAULT_WAIT, 'wait-timeout');
  const request = { place, workspace, waitTimeoutMs, wake, resumes: true, direct: undefined, debug: false };
  if (split === undefined) return { verb: 'proxy', request };
  const join = found.has('--keep-words') ? quoteWords : (parts: string[]) => parts.join(' ');
  const command = split.command === undefined ? undefined : join(split.command);
  if (command === '') return undefined;
  const allowed = readSwitch(environment.WS_SHARE || 'yes');
  if (allowed === undefined) return undefined;
  const share = !found.has('--no-share') && allowed;
  return {
    verb: 'ssh',
    request: { ...PLAIN_SESSION, ...request, command, meant: split.meant, behind: split.behind, share },
  };
}
