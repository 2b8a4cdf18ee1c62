import { enumerate } from '../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import { chooseNearest } from './faults/wrong-choice.ts';
import type { KnownArgument } from './judged.ts';

/** The error for arguments that have to be there. `id` is the command's. */
export function missingArguments(missing: readonly KnownArgument[], id: string | undefined = ''): WorkspaceError {
  const names = missing.map(({ name }) => name.toUpperCase());
  // Of several nothing is said but their names.
  const [only] = missing.length === 1 ? missing : [];
  const choices = only?.options;
  const about = [only?.description, choices && enumerate(choices, 'or')].filter((part) => part !== undefined);
  return failure('BAD_VALUE', {
    message: `ws ${id.replaceAll(':', ' ')} needs ${names.join(' and ')}`,
    ...(about.length === 0 ? {} : { reason: `${names.join()}: ${about.join(', ')}` }),
    suggestions: [
      ...(choices === undefined ? [] : chooseNearest('', choices, (choice) => toCommand(id, choice))),
      helpOf(id),
    ],
  });
}

/** What shows how a command is used, or a topic, or all of them. */
export function helpOf(id: string | undefined = ''): Command {
  return toCommand(id, '--help');
}

function toCommand(id: string, word: string): Command {
  return { program: 'ws', words: [...(id === '' ? [] : id.split(':')), word] };
}
