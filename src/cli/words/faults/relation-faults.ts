import { enumerate } from '../../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { run } from '../../../workspace/errors/suggestion.ts';
import type { Judged } from '../judged.ts';
import type { KnownFlag } from '../tokens.ts';
import { type Change, leaveOut } from '../typed-line.ts';

/** Flags that exclude each other, or that need another one. A variable counts as its flag. */
export function findRelationFault(judged: Judged): WorkspaceError | undefined {
  for (const flag of judged.grammar.flags) {
    if (!isGiven(flag, judged)) continue;
    const excluded = judged.grammar.flags.find(
      (other) => flag.exclusive?.includes(other.name) && isGiven(other, judged),
    );
    if (excluded !== undefined) return conflict(flag, excluded, judged);
    const missing = (flag.dependsOn ?? []).filter(
      (name) => !judged.grammar.flags.some((other) => other.name === name && isGiven(other, judged)),
    );
    if (missing.length > 0) return dependent(flag, missing.map(String), judged);
  }
  return undefined;
}

function conflict(one: KnownFlag, other: KnownFlag, judged: Judged): WorkspaceError {
  const without = (flag: KnownFlag) => {
    const typed = listTyped(flag, judged);
    const isTyped = typed.length > 0;
    return isTyped ? judged.line.with(...typed) : run('unset')`${flag.env ?? ''}`;
  };
  return failure('CONFLICTING_FLAGS', {
    message: `${toName(one, judged)} and ${toName(other, judged)} exclude each other`,
    suggestions: [without(other), without(one)],
  });
}

function dependent(flag: KnownFlag, missing: string[], judged: Judged): WorkspaceError {
  const words = missing.map((name) => `--${name}`);
  return failure('BAD_VALUE', {
    message: `${toName(flag, judged)} needs ${enumerate(words, 'and')}`,
    suggestions: [judged.line.and(...words)],
  });
}

function isGiven(flag: KnownFlag, judged: Judged): boolean {
  return listTyped(flag, judged).length > 0 || Boolean(judged.environment[flag.env ?? '']);
}

function listTyped(flag: KnownFlag, { line, tokens }: Judged): Change[] {
  return tokens.flatMap((token) => {
    if ((token.kind !== 'switch' && token.kind !== 'option') || token.flag.name !== flag.name) return [];
    return [leaveOut(token, line.words)];
  });
}

/** As it was said: by a flag, or by its variable. */
function toName(flag: KnownFlag, judged: Judged): string {
  return listTyped(flag, judged).length > 0 ? `--${flag.name}` : (flag.env ?? '');
}
