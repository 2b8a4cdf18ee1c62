import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Progress } from '../../../../src/cli/command/progress.ts';
import { spellFrom } from '../../../../src/cli/command/spelling.ts';
import type { CliTerminal } from '../../../../src/cli/terminal/terminal.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { advice, ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../../../src/workspace/state/events.ts';

const terminal = { stderr: new PassThrough(), columns: 80, colorOnStderr: false, canDraw: false };

/** What an error suggests that an operation threw after these events, to somebody who heard what it is about. */
async function suggestAfter(...events: ProgressEvent[]): Promise<string[]> {
  const here: { place: object; workspace: string | undefined } = { place: {}, workspace: undefined };
  const spell = spellFrom(here);
  const progress = new Progress(terminal as unknown as CliTerminal, 'quiet', spell, (workspace) => {
    here.workspace = workspace;
  });
  const suggestions = [ws`status`, { ...ws`logs`, workspace: 'other' }, ws`doctor`, advice('Wait for a node')];
  const operation = (async function* () {
    yield* events;
    throw failure('WORKSPACE_NOT_READY', { message: 'm', reason: 'r', suggestions });
  })();
  const error = (await progress.perform(operation).catch((thrown: unknown) => thrown)) as WorkspaceError;
  expect(error).toMatchObject({ code: 'WORKSPACE_NOT_READY', message: 'm', reason: 'r' });
  return error.suggestions.map((suggestion) => spell(suggestion).line);
}

test('suggestions name the workspace that the operation was about, though nobody typed its name', async () => {
  const named = ['ws status dev', 'ws logs other', 'ws doctor', 'Wait for a node'];
  expect(await suggestAfter({ type: 'planned', workspace: 'dev', steps: [] })).toEqual(named);
  const found = { kind: 'found', workspace: 'dev', pod: undefined, ready: false } as const;
  expect(
    await suggestAfter(
      { type: 'planned', workspace: undefined, steps: ['find'] },
      { type: 'finished', step: 'find', fact: found },
    ),
  ).toEqual(named);
});

test('they name none while nobody knows which', async () => {
  expect(await suggestAfter({ type: 'planned', workspace: undefined, steps: [] })).toContain('ws status');
});
