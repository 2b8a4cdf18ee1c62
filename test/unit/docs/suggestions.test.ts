import { describe, expect, it } from 'vitest';
import { NAMED_BY_FLAG, NAMED_FIRST, withPlace } from '../../../src/cli/command/place-words.ts';
import { readShellWords } from '../../../src/workspace/errors/shell-words.ts';
import { findFault, listCommandIds } from './command-lines.ts';
import { listSuggestions, type Suggestion } from './suggestions.ts';

const PLACE = { context: 'work', namespace: 'the team', kubeconfig: '/k/my config', workspace: 'w1' };

/** Programs whose commands are suggested beside `ws` and `kubectl`. */
const PROGRAM = /^(?:ssh-add|ssh-keygen|ls|ss|brew|helm|export|unset|eval)(?: |$)/;

const suggestions = listSuggestions();
/** A hole may be a flag's name, or a command's. */
const said = suggestions
  .filter(({ text }) => text !== '' && text !== 'wx')
  .map((one) => ({ ...one, text: one.text.replace('--x1', '--uid').replace('ws x1 --help', 'ws keys add --help') }));

/** A command, and what is said of it. */
function split(text: string): { command: string; about: string } {
  const [, command = '', about = ''] = /^(.*?)( {3}\(.*\))?$/s.exec(text) ?? [];
  return { command, about };
}

describe('what the program suggests', () => {
  it('is found', () => expect(said.length).toBeGreaterThan(150));

  it.each(said.map((one): [string, string, Suggestion] => [one.text, one.at, one]))('%s (%s)', (text, _, one) => {
    const { command, about } = split(text);
    const isCommand = /^(?:ws|kubectl|helm) /.test(command);
    // Two commands are two suggestions: one place cannot be given to both.
    if (PROGRAM.test(command) || isCommand) expect(command).not.toMatch(/&&|\|\||[;|`]|\$\((?!ssh-agent)/);
    const isProgram = isCommand || PROGRAM.test(command);
    if (isProgram && one.hasHoles && !command.startsWith('ss ')) expect(one.isQuoted, 'the tag `command`').toBe(true);
    if (isProgram)
      expect(about === '' || /^ {3}\([^()]*\)$/.test(about), 'words about it stand in parentheses').toBe(true);
    // A sentence, a flag or an address; a command within it would be copied without its place.
    else expect(text).toMatch(/^(?:[A-Z][a-z ]|--[a-z]|https:\/\/)(?!.*\b(?:ws|kubectl|helm) [a-z])/);
    if (!isCommand) return expect(withPlace(text, PLACE, {})).toBe(text);

    const placed = withPlace(text, PLACE, {});
    const words = readShellWords(split(placed).command.replace(/ -- .*/, ''))?.map(({ word }) => word);
    expect(words, placed).toBeDefined();
    expect(placed.endsWith(about)).toBe(true);
    if (words?.[0] === 'ws') expect(findFault(words.slice(1)), placed).toBeUndefined();
    if (/^(?:ws (?:config|use|--help)|kubectl config)(?: |$)|--help$/.test(command)) return expect(placed).toBe(text);
    const context = words?.[0] === 'helm' ? '--kube-context' : '--context';
    for (const [flag, value] of [
      [context, 'work'],
      ['--namespace', 'the team'],
      ['--kubeconfig', '/k/my config'],
    ])
      if (!new RegExp(`${flag === '--namespace' ? '(?:-n|--namespace)' : flag} `).test(command))
        expect(words?.[(words.indexOf(flag ?? '') ?? -1) + 1], placed).toBe(value);
    // The flags of the place are the first ones of kubectl.
    if (words?.[0] === 'kubectl') expect(words.find((word) => word.startsWith('-'))).toMatch(/^(?:--context|-n)$/);
  });
});

describe('the commands that are about one workspace', () => {
  it('are those of the manifest', () => {
    const ids = listCommandIds(({ args, hidden }) => hidden !== true && args.includes('workspace'));
    expect(NAMED_FIRST).toEqual(ids.filter((id) => id !== 'use'));
    expect(NAMED_BY_FLAG).toEqual(
      listCommandIds(({ flags, hidden }) => hidden !== true && flags.includes('workspace')),
    );
  });
});
