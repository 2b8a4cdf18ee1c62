import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import type { Judged } from '../judged.ts';
import { helpOf } from '../usage.ts';
import { FORWARDING, toForwardLine } from './forward-line.ts';

/** What ends a workspace ends no other one. */
const ONE_AT_A_TIME = ['stop', 'down'];

/** ssh's flags that make it forward and run nothing, alone or with -L behind them in one word. */
const FORWARDS_ALONE = /^-(?:fN|Nf|N)T?(?:L(?<forward>.*))?$/;

/** A flag that this command has not, with which its line says what another command does, or the same one repeated. */
export function findMeantElsewhere(judged: Judged): WorkspaceError | undefined {
  return findAll(judged) ?? findForward(judged);
}

/** `ws stop --all`. With a name there, that one is meant. */
function findAll({ line, tokens }: Judged): WorkspaceError | undefined {
  const all = tokens.find((token) => token.kind === 'unknown' && token.typed === '--all');
  if (all === undefined || !ONE_AT_A_TIME.includes(line.id)) return undefined;
  const isNamed = tokens.some(
    (token) =>
      token.kind === 'position' ||
      (token.kind === 'option' && token.flag.name === 'workspace' && token.value !== undefined),
  );
  const mended = line.with({ at: all.at, words: isNamed ? [] : ['NAME'] });
  return failure('BAD_VALUE', {
    message: `${line.name} has no flag --all`,
    reason: 'it takes one workspace at a time, and ws ls lists them',
    suggestions: [...(isNamed ? [mended, ws`ls`] : [ws`ls`, mended]), helpOf(line.id)],
  });
}

/** `ws ssh -N -L 3000 dev` */
function findForward({ line, tokens }: Judged): WorkspaceError | undefined {
  const [alone, ...others] = tokens.filter((token) => token.kind === 'unknown');
  const match = FORWARDS_ALONE.exec(alone?.typed ?? '');
  if (line.id !== 'ssh' || alone === undefined || match === null || others.length > 0) return undefined;
  const positions = tokens.filter((token) => token.kind === 'position');
  const joined = match.groups?.['forward'];
  const value = joined === '' ? positions.find(({ at }) => at > alone.at) : undefined;
  const workspace = positions.find((position) => position !== value);
  const forwards = [
    ...(joined === undefined ? [] : [joined || (value?.word ?? 'PORT')]),
    ...tokens.flatMap((token) => {
      if (token.kind !== 'option' || !FORWARDING.includes(token.flag.name)) return [];
      const { flag, value: said = 'PORT' } = token;
      // ws forward has no flag for what ssh -L says.
      return flag.name === 'forward' ? [said] : [`-${flag.char}`, said];
    }),
  ];
  return failure('BAD_VALUE', {
    message: `${line.name} has no flag -N`,
    reason: 'ws forward forwards and runs nothing',
    suggestions: [toForwardLine(tokens, workspace?.word, forwards.length === 0 ? ['PORT'] : forwards), helpOf(line.id)],
  });
}
