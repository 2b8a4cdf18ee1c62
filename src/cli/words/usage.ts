import { enumerate } from '../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import { chooseNearest } from './faults/wrong-choice.ts';
import type { KnownArgument } from './judged.ts';

/** By a command's id: its line with a value for what is missing, else what shows such values. */
const VALUES: Record<string, Command> = {
  keep: ws`keep 2h`,
  'keys:add': ws`keys add FILE.pub`,
  'keys:rm': { ...ws`keys ls`, note: 'shows them' },
  'homes:rm': { ...ws`homes ls`, note: 'shows them' },
  'config:get': { ...ws`config ls`, note: 'shows them' },
  'config:set': { ...ws`config ls`, note: 'shows what can be set' },
  'config:unset': { ...ws`config ls`, note: 'shows them' },
};

/** The error for arguments that have to be there. `id` is the command's. */
export function missingArguments(missing: readonly KnownArgument[], id: string | undefined = ''): WorkspaceError {
  const names = missing.map(({ name }) => name.toUpperCase());
  // Of several nothing is said but their names.
  const [only] = missing.length === 1 ? missing : [];
  const choices = only?.options;
  const about = [only?.description, choices && enumerate(choices, 'or')].filter((part) => part !== undefined);
  const value = VALUES[id];
  return failure('BAD_VALUE', {
    message: `ws ${id.replaceAll(':', ' ')} needs ${names.join(' and ')}`,
    ...(about.length === 0 ? {} : { reason: `${names.join()}: ${about.join(', ')}` }),
    suggestions: [
      ...(choices === undefined ? [] : chooseNearest('', choices, (choice) => toCommand(id, choice))),
      ...(value === undefined ? [] : [value]),
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
