/**
 * Flags that exist each for itself and make no sense together. One of them would be passed over in silence, so both are
 * refused, before anything is done. A variable is no flag here: it holds for many commands, and a flag counts before
 * it.
 */
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { type Command, ws } from '../../../workspace/errors/suggestion.ts';
import type { Judged } from '../judged.ts';
import { type Change, leaveOut } from '../typed-line.ts';
import { FORWARDING, toForwardLine } from './forward-line.ts';

export interface Pair {
  /** As the manifest has it. */
  command: string;
  /** Flags as they are typed: `--json`, `--no-shell`. */
  flags: readonly [string, string];
  because: string;
  /** Of which values this is so; of all, where nothing is said. */
  values?: readonly [RegExp, RegExp];
  /** Lines that do what was meant; without them, the line without the one and without the other. */
  instead?(judged: Judged): Command[];
}

const HELD = 'nobody attaches, so no connection stays that could hold a forward';
const ONE_ANSWER = 'both say what happens to the home';
const TAKEN_AWAY = 'it takes away what the other one would write';

export const SENSELESS_PAIRS: readonly Pair[] = [
  { command: 'ssh', flags: ['--detach', '--forward'], because: HELD, instead: toForward },
  { command: 'ssh', flags: ['--detach', '--remote'], because: HELD, instead: toForward },
  { command: 'ssh', flags: ['--detach', '--socks'], because: HELD, instead: toForward },
  {
    command: 'ssh',
    flags: ['--detach', '--wait'],
    because: 'a job is started first, and then waited for',
    instead: toStart,
  },
  { command: 'ssh', flags: ['--detach', '--tty'], because: 'nobody attaches, so no terminal is there to be had' },
  { command: 'ls', flags: ['--all-namespaces', '--namespace'], because: 'it is all of them, or one' },
  {
    command: 'logs',
    flags: ['--follow', '--json'],
    because: '--json prints one document, and --follow has no end',
    instead: (judged) => [
      { ...replace('--json', '--raw', judged), note: 'the JSON lines as they come' },
      judged.line.with(...findTyped('--follow', judged)),
    ],
  },
  { command: 'logs', flags: ['--follow', '--previous'], because: 'the container before the last restart has ended' },
  { command: 'logs', flags: ['--raw', '--json'], because: 'a document has the lines as they are' },
  { command: 'down', flags: ['--home', '--keep-home'], because: ONE_ANSWER },
  { command: 'down', flags: ['--home', '--delete-home'], because: ONE_ANSWER },
  { command: 'config-ssh', flags: ['--remove', '--known-hosts'], because: TAKEN_AWAY },
  { command: 'config-ssh', flags: ['--remove', '--identity'], because: TAKEN_AWAY },
  { command: 'up', flags: ['--no-shell', '--local-port'], because: 'the port is there while the shell is open' },
  {
    command: 'up',
    flags: ['--ttl', '--storage-class'],
    values: [/^(?!none$)/, /^none$/],
    because: 'a home without a volume is lost with the first stop',
  },
  { command: 'up', flags: ['--shell', '--json'], because: '--json prints one document, and a shell prints anything' },
];

/** The error of the first such pair that was typed. */
export function findSenselessPair(judged: Judged): WorkspaceError | undefined {
  const { line } = judged;
  for (const { command, flags, values, because, instead } of SENSELESS_PAIRS) {
    if (command !== line.id) continue;
    const [one, other] = flags.map((flag, at) => findTyped(flag, judged, values?.[at]));
    if (one === undefined || other === undefined || one.length === 0 || other.length === 0) continue;
    return failure('CONFLICTING_FLAGS', {
      message: `${flags[0]} and ${flags[1]} do not go together`,
      reason: because,
      suggestions: instead?.(judged) ?? [line.with(...other), line.with(...one)],
    });
  }
  return undefined;
}

/** What stands for a flag in the line, to be left out. A port 0 is none. */
function findTyped(flag: string, { line, tokens }: Judged, value = /^(?!0$)/): Change[] {
  const isNegated = flag.startsWith('--no-');
  const name = flag.replace(/^--(?:no-)?/, '');
  return tokens.flatMap((token) => {
    if ((token.kind !== 'switch' && token.kind !== 'option') || token.flag.name !== name) return [];
    const isSaid = token.kind === 'switch' ? token.isNegated === isNegated : value.test(token.value ?? '');
    return isSaid ? [leaveOut(token, line.words)] : [];
  });
}

/** Another switch in the place of one, unless it is there already. */
function replace(flag: string, other: string, judged: Judged): Command {
  const isThere = findTyped(other, judged).length > 0;
  const [first, ...rest] = findTyped(flag, judged);
  if (first === undefined || isThere) return judged.line.with(...findTyped(flag, judged));
  return judged.line.with({ ...first, words: [...first.words, other] }, ...rest);
}

/** One line after the other: each says by its status what became of it. */
function toStart(judged: Judged): Command[] {
  const { line } = judged;
  const [name] = listSaid('tmux', judged);
  const wait = findTyped('--wait', judged);
  // A command without a session is waited for by itself.
  if (name === undefined) return [line.with(...wait, ...findTyped('--detach', judged)), line.with(...wait)];
  return [
    { ...line.with(...wait), note: 'starts it' },
    { ...ws`ssh --tmux=${name} --wait`, again: { verb: 'other' }, note: 'then waits for it' },
  ];
}

/** What was said by an option, as often as it was. */
function listSaid(name: string, { tokens }: Judged): string[] {
  return tokens.flatMap((token) => (token.kind === 'option' && token.flag.name === name ? [token.value ?? ''] : []));
}

/** What holds the forwards, the session without them, and the one that is attached to and holds them itself. */
function toForward(judged: Judged): Command[] {
  const { line, tokens } = judged;
  const position = tokens.find((token) => token.kind === 'position')?.word;
  const said = (name: string) => listSaid(name, judged);
  const forwards = [
    ...said('forward'),
    ...said('remote').flatMap((value) => ['--remote', value]),
    ...said('socks').flatMap((value) => ['--socks', value]),
  ];
  const forward = { ...toForwardLine(tokens, position, forwards), note: 'holds it for as long as this runs' };
  // Without a session nothing but the forward can have been meant.
  if (said('tmux').length === 0) return [forward, line.with(...findTyped('--detach', judged))];
  const started = line.with(...FORWARDING.flatMap((name) => findTyped(`--${name}`, judged)));
  return [{ ...started, note: 'starts the session' }, forward, line.with(...findTyped('--detach', judged))];
}
