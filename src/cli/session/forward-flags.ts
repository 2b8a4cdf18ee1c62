import { Flags, type Interfaces } from '@oclif/core';
import type { ForwardRequest } from '../../operations/forward.ts';
import { amended, failure, hasCode } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { findKubectlTarget } from '../../workspace/forwards/kubectl-target.ts';
import type { Mapping } from '../../workspace/forwards/mapping.ts';
import { parseForwards } from '../../workspace/forwards/typed-forwards.ts';
import type { SshTarget } from '../../workspace/world.ts';
import { connectFlags, directFlag, keepPassphraseFlag, resumeFlag, wakeFlag } from '../command/flags.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { parseDuration } from '../words/durations.ts';
import { parsePort } from '../words/numbers.ts';
import { forwardFlag } from './session-flags.ts';
import { toWaking } from './wake/to-waking.ts';

export const forwardFlags = {
  ...connectFlags,
  ...keepPassphraseFlag,
  ...resumeFlag,
  ...directFlag,
  ...wakeFlag,
  address: Flags.string({ description: 'local address to listen on', default: '127.0.0.1', helpValue: 'IP' }),
  remote: forwardFlag(
    'R',
    'a port there that leads here; it is written as for ssh -R with a host, and LOCAL:REMOTE without one',
    'REMOTE:HOST:LOCAL',
  ),
  socks: forwardFlag('D', 'a SOCKS5 proxy on this local port, into the cluster', '[ADDRESS:]PORT'),
  auto: Flags.boolean({
    description:
      "forward what your programs in the workspace listen on, as they come and go; the server's own ports never",
  }),
  ignore: Flags.string({
    description: 'ports that --auto leaves alone',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    dependsOn: ['auto'],
    helpValue: 'PORT,…',
  }),
  strict: Flags.boolean({ description: 'fail when a local port is taken, instead of using the next free one' }),
};

export type ForwardFlags = Interfaces.InferredFlags<typeof forwardFlags>;

export interface ForwardContext {
  workspace: string | undefined;
  /** The line names a workspace. */
  isNamed: boolean;
  /** The words without a flag. */
  forwards: string[];
  askPassphrase: SshTarget['askPassphrase'];
  terminal: CliTerminal;
}

/** What the flags ask for, checked. Throws `BAD_MAPPING` when that is nothing. */
export function toForwardRequest(
  flags: ForwardFlags,
  { workspace, isNamed, forwards, askPassphrase, terminal }: ForwardContext,
): ForwardRequest {
  const kubectls = findKubectlTarget(forwards);
  if (kubectls !== undefined) throw kubectls;
  const mappings = parseTyped({ ...flags, forward: forwards }, isNamed);
  if (mappings.length === 0 && !flags.auto) {
    throw failure('BAD_MAPPING', {
      message: 'Nothing to forward was named',
      suggestions: [ws`forward 3000`, ws`forward 8080:3000`, ws`forward --auto`, ws`forward --socks 1080`],
    });
  }
  const ignored = (flags.ignore ?? []).map((port) => parsePort(port.trim(), 'ignore'));
  return {
    workspace,
    mappings,
    auto: flags.auto ? { ignored } : undefined,
    address: flags.address,
    anyFreePort: !flags.strict,
    waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
    waking: toWaking(flags.wake, terminal),
    connect: { identityPath: flags.identity, acceptHostKey: flags['accept-host-key'], askPassphrase },
  };
}

/**
 * Where a workspace was named, no other word is proposed as one. Where one of several words may be its name, the others
 * stay what is forwarded.
 */
function parseTyped(texts: Parameters<typeof parseForwards>[0], isNamed: boolean): Mapping[] {
  try {
    return parseForwards(texts, 'forward');
  } catch (error) {
    if (!hasCode(error, 'BAD_MAPPING')) throw error;
    const suggestions = error.suggestions.flatMap((one) => {
      if (!('program' in one) || one.workspace === undefined) return [one];
      const others = (texts.forward ?? []).filter((text) => text !== one.workspace);
      const isWord = others.length > 0 && others.length < (texts.forward ?? []).length;
      return isNamed ? [] : [isWord ? { ...one, words: ['forward', ...others] } : one];
    });
    throw amended(error, { suggestions });
  }
}
