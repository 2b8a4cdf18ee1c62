/**
 * The parser's door: finds the command in a line. Flags of every command may stand before its name, as with kubectl and
 * helm; those of one command stand behind it.
 */
import { enumerate } from '../../workspace/errors/enumerate.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { workspaceFlag } from '../command/flags.ts';
import { globalFlags, jsonFlag } from '../command/global-flags.ts';
import { asksForHelp, type Catalogue, isHelpFlag, type Reading } from '../words/catalogue.ts';
import { splitCommand } from '../words/split-command.ts';
import { findFlag, type KnownFlag, toTokens } from '../words/tokens.ts';
import { asTyped } from '../words/typed-line.ts';
import { helpOf } from '../words/usage.ts';
import { unknownCommand } from './meant/unknown-command.ts';

/** Flags that may stand before a command's name. */
const LEADING = Object.entries({ ...globalFlags, json: jsonFlag, workspace: workspaceFlag }).map(
  ([name, flag]): KnownFlag => ({ ...(flag as KnownFlag), name }),
);

const VERSION_FLAGS = ['--version', '-v', '-V'];

/** Throws a usage error for what names no command. */
export function readLine(words: readonly string[], catalogue: Catalogue): Reading {
  const path: string[] = [];
  const moved: string[] = [];
  let isHelp = false;
  let movedUntil = -1;
  for (const token of toTokens(words, LEADING)) {
    const behind = words.slice(token.at + 1);
    if (token.kind === 'position') {
      if (token.word === 'help' && catalogue.isTopic(path)) {
        isHelp = true;
        continue;
      }
      path.push(token.word);
      const command = catalogue.find(path);
      if (command !== undefined) {
        const rest = [...moved, ...behind];
        // What belongs to a remote command asks nothing of us.
        const own = command.id === 'ssh' ? splitCommand(rest).before : rest;
        if (isHelp || asksForHelp(command, own)) return { kind: 'help', of: path };
        return { kind: 'command', id: command.id, words: rest };
      }
      if (!catalogue.isTopic(path)) throw unknownCommand({ path, moved, behind }, catalogue, readLine);
    } else if (token.kind === 'dashes') throw withoutCommand([...path, ...moved], behind, catalogue);
    else if (token.kind === 'unknown') {
      if (isHelpFlag(token.typed)) isHelp = true;
      else if (path.length === 0 && VERSION_FLAGS.includes(token.typed))
        return { kind: 'command', id: 'version', words: [...moved, ...behind] };
      else throw strayFlag(token.typed, token.at, words, catalogue);
    } else {
      if (token.kind === 'option' && token.value === undefined) throw withoutValue(token.typed);
      const until = token.kind === 'option' ? token.until : token.at;
      moved.push(...words.slice(Math.max(token.at, movedUntil + 1), until + 1));
      movedUntil = until;
    }
  }
  // Before a command, `-v` is its flag.
  if (path.length === 0 && !isHelp && moved.includes('-v'))
    return { kind: 'command', id: 'version', words: moved.filter((word) => word !== '-v') };
  if (moved.includes('--json') && !isHelp) throw unfinished(path, moved, catalogue);
  return { kind: 'help', of: path };
}

/** Help is no document. */
function unfinished(path: string[], moved: string[], catalogue: Catalogue): WorkspaceError {
  const suggestions = [helpOf(path.join(':'))];
  if (path.length === 0) return failure('BAD_VALUE', { message: 'No command was named', suggestions });
  const hasList = catalogue.find([...path, 'ls']) !== undefined;
  return failure('BAD_VALUE', {
    message: `ws ${path.join(' ')} needs a command behind it`,
    reason: `it is ${enumerate(catalogue.listNext(path), 'or')}`,
    suggestions: [...(hasList ? [asTyped([...path, 'ls', ...moved])] : []), ...suggestions],
  });
}

function withoutValue(typed: string): WorkspaceError {
  return failure('BAD_VALUE', { message: `${typed} needs a value`, suggestions: [ws`--help`] });
}

/** `--` stands where the command should. What follows it is one, or is meant for a workspace. */
function withoutCommand(before: string[], behind: string[], catalogue: Catalogue): WorkspaceError {
  const isOurs = catalogue.find(behind.slice(0, 1)) !== undefined || catalogue.isTopic(behind.slice(0, 1));
  const words = isOurs ? [...before, ...behind] : ['ssh', ...before, '--', ...behind];
  return failure('BAD_VALUE', {
    message: 'No command stands before --',
    suggestions: [behind.length === 0 ? ws`--help` : asTyped(words)],
  });
}

/** A flag before the command that is none of every command: it is of one, or it is mistyped. */
function strayFlag(typed: string, at: number, words: readonly string[], catalogue: Catalogue): WorkspaceError {
  const name = words.findIndex((word, index) => index > at && catalogue.listNext([]).includes(word));
  const line = name < 0 ? [] : words.slice(name);
  const command = catalogue.findFront(line);
  if (command !== undefined && findFlag(typed, command.flags) !== undefined) {
    const verb = command.id.split(':');
    const moved = asTyped([...verb, ...words.slice(0, name), ...line.slice(verb.length)]);
    return failure('BAD_VALUE', {
      message: `${typed} stands before the command`,
      reason: `it is a flag of ws ${command.id.replaceAll(':', ' ')}, and stands behind it`,
      suggestions: [moved, helpOf(command.id)],
    });
  }
  const names = LEADING.map((flag) => flag.name);
  const near = typed.length > 2 ? findNearest(typed.replace(/^--?/, ''), [...names, 'help', 'version']) : undefined;
  const mended = near === undefined ? [] : [asTyped(words.with(at, `--${near}`))];
  return failure('BAD_VALUE', { message: `There is no flag ${typed}`, suggestions: [...mended, ws`--help`] });
}
