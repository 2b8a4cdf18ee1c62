/** What `ws ssh` proposes where it refuses a line, it does not refuse itself when it is typed in the same place. */
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { spellFrom } from '../../../../src/cli/command/spelling.ts';
import type Ssh from '../../../../src/commands/ssh.ts';
import { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { findCommand } from '../command/make-command.ts';

interface Tried {
  error: WorkspaceError | undefined;
  lines: string[];
}

async function tryLine(words: string[], hasTerminal: { input: boolean; output: boolean }): Promise<Tried> {
  const command = await findCommand<Ssh>('ssh', words);
  const toStream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });
  const terminal = { stdin: toStream(hasTerminal.input), stdout: toStream(hasTerminal.output) };
  Object.assign(command, { terminal: { ...command.terminal, ...terminal } });
  try {
    await command.init();
    command.toRequest();
    return { error: undefined, lines: [] };
  } catch (thrown) {
    const error = await command.propose(thrown as Error);
    if (!(error instanceof WorkspaceError)) throw error;
    const proposed = error.suggestions.filter((one) => 'program' in one && one.program === 'ws');
    return { error, lines: proposed.map((one) => spellFrom(command)(one).line) };
  }
}

/** Every way to take one of each. */
function combine(parts: string[][]): string[] {
  return parts.reduce((lines, choices) => lines.flatMap((line) => choices.map((one) => `${line} ${one}`.trim())), ['']);
}

const LINES = combine([
  ['', 'dev'],
  ['', '-t', '-td', '--no-resume'],
  ['', '-d', '-T', '--wait', '-L 3000', '-A'],
  ['', '--tmux', '--tmux=job', '--tmux job'],
  ['', '-- make -j4', 'make -j4'],
]);

const PLACES = [
  [true, true],
  [false, true],
  [true, false],
  [false, false],
].map(([input = false, output = false]) => ({ input, output }));

it.each(PLACES)('a line that is proposed, with the terminal as %o', async (place) => {
  const refusedAgain: string[] = [];
  let refused = 0;
  for (const line of LINES) {
    const { error, lines } = await tryLine(line.split(' ').filter(Boolean), place);
    if (error !== undefined) refused += 1;
    for (const proposed of lines) {
      const [, verb, ...words] = proposed.split(' ');
      if (verb !== 'ssh' || words.includes('--help')) continue;
      const again = await tryLine(words, place);
      if (again.error !== undefined)
        refusedAgain.push(`ws ssh ${line}: ${error?.message}\n  ${proposed}: ${again.error.message}`);
    }
  }
  expect(refused).toBeGreaterThan(LINES.length / 5);
  expect(refusedAgain).toEqual([]);
});
