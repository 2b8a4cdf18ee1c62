/** An error about a file of `ws` says what names its folder, because the next command would use it as well. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nameFolderSource } from '../../../../src/cli/here/folder-source.ts';
import { accountHome, configFolder } from '../../../../src/cli/terminal/machine.ts';
import { type ErrorCode, failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { toLines } from '../../../spelling.ts';

afterEach(() => vi.unstubAllEnvs());

function explain(code: ErrorCode, file?: string): WorkspaceError {
  const message = `The settings in ${file ?? `${configFolder()}/config.json`} cannot be changed`;
  const suggestions = [{ program: 'export' as const, words: ['WS_CONFIG_DIR=FOLDER'] }];
  return nameFolderSource(failure(code, { message, reason: 'it may not be written', suggestions })) as WorkspaceError;
}

describe('an error about a file in the folder of ws', () => {
  it.each<[Record<string, string | undefined>, string, string[]]>([
    [{ WS_CONFIG_DIR: '/x/y' }, 'it may not be written\nWS_CONFIG_DIR is /x/y', []],
    [{ XDG_CONFIG_HOME: '/x' }, 'it may not be written\nXDG_CONFIG_HOME is /x', []],
    [
      { HOME: '/home/somebody-else' },
      `it may not be written\nHOME is /home/somebody-else, and the home of this login is ${accountHome()}`,
      [`export HOME=${accountHome()}`],
    ],
    [{ HOME: accountHome() }, 'it may not be written', []],
  ])('with %j says so', (variables, reason, first) => {
    for (const name of ['WS_CONFIG_DIR', 'XDG_CONFIG_HOME']) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    for (const code of ['SETTINGS_INVALID', 'LOCAL_FILE_FAILED'] as const) {
      const error = explain(code);
      expect(error).toMatchObject({ code, reason });
      expect(toLines(error.suggestions)).toEqual([...first, 'export WS_CONFIG_DIR=FOLDER']);
    }
  });
});

it('of another file, or about something else, is as it was', () => {
  vi.stubEnv('WS_CONFIG_DIR', '/x/y');
  expect(explain('LOCAL_FILE_FAILED', '/elsewhere/known_hosts').reason).toBe('it may not be written');
  expect(explain('KEY_UNREADABLE').reason).toBe('it may not be written');
});
