import type { Interfaces } from '@oclif/core';
import { compareTexts } from '../../workspace/compare-texts.ts';
import type { CompletableCommand, CompletableFlag } from './completion.ts';

/** All visible commands from the manifest, so that we load none of them. */
export function listCompletable(config: Interfaces.Config): CompletableCommand[] {
  return config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => ({
      words: command.id.split(':'),
      about: toOneLine(command.summary),
      args: Object.values(command.args).map(({ name, options = [] }) => ({ name, options })),
      isOpen: command.strict === false,
      flags: Object.values(command.flags)
        .filter(({ hidden }) => !hidden)
        .map(toFlag),
    }))
    .toSorted((a, b) => compareTexts(a.words.join(' '), b.words.join(' ')));
}

function toFlag(flag: {
  name: string;
  char?: string | undefined;
  type: string;
  description?: string | undefined;
  summary?: string | undefined;
  options?: readonly string[] | undefined;
  allowNo?: boolean | undefined;
  multiple?: boolean | undefined;
}): CompletableFlag {
  return {
    name: flag.name,
    char: flag.char,
    takesValue: flag.type === 'option',
    about: toOneLine(flag.summary ?? flag.description),
    options: flag.options ?? [],
    allowNo: flag.allowNo === true,
    multiple: flag.multiple === true,
  };
}

function toOneLine(text: string | undefined): string {
  return (text ?? '').split('\n')[0] ?? '';
}
