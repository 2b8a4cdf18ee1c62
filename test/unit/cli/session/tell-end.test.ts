import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { runTold } from '../../../../src/cli/session/end/tell-end.ts';
import type { CliTerminal } from '../../../../src/cli/terminal/terminal.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import { fakeWorld, NEVER } from '../../operations/fake-world.ts';

const LOST = failure('CONNECTION_LOST', {
  message: 'The connection to pod ws-dev-0 was lost',
  reason: 'no sign of life from the API server',
  suggestions: [ws`status`],
});

async function lose(isTTY: boolean, error: unknown) {
  let said = '';
  const stderr = new Writable({ write: (chunk, _encoding, done) => done(void (said += String(chunk))) });
  const terminal = { stderr, stdin: { isTTY } } as unknown as CliTerminal;
  const { world } = fakeWorld({ cluster: { findWorkspace: async () => undefined } });
  const session = { workspace: 'dev', pod: 'ws-dev-0', tmux: undefined };
  const thrown = await runTold(() => Promise.reject(error), session, terminal, world, NEVER).catch((fault) => fault);
  return { said, thrown: thrown as WorkspaceError };
}

it.each([
  [true, '\n'],
  [false, ''],
])('leaves the line of the prompt before it says that the connection is lost (terminal: %s)', async (isTTY, start) => {
  const { said, thrown } = await lose(isTTY, LOST);
  expect(said).toBe(start);
  expect(thrown).toMatchObject({ code: 'CONNECTION_LOST', reason: expect.stringContaining('no sign of life') });
  expect(thrown.suggestions.map((one) => ({ ...one }))).toEqual([
    { ...ws`ssh`, workspace: 'dev' },
    { ...ws`status`, workspace: 'dev' },
  ]);
});

it('says nothing of another error', async () => {
  const bug = new TypeError('bug');
  expect(await lose(true, bug)).toEqual({ said: '', thrown: bug });
});
