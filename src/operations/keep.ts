import { KEEP_PROGRAM } from '../contract/paths.ts';
import { amended, failure, hasCode } from '../workspace/errors/errors.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { findName } from '../workspace/naming/address.ts';
import type { Operation } from '../workspace/state/events.ts';
import type { World } from '../workspace/world.ts';
import { LOG_IN_STEPS, logIn } from './login/log-in.ts';
import type { LogInRequest } from './login/log-in-anew.ts';

export interface KeepRequest extends LogInRequest {
  /** 0 lets it go. */
  seconds: number;
  /** The same as it was typed. */
  time: string;
}

export interface KeepResult {
  workspace: string;
  seconds: number;
}

/** The shell's status for a command that it does not find. */
const NOT_FOUND = 127;

/**
 * Holds a workspace: it counts as busy for so long. It counts the time itself, so no clock of this machine matters.
 * Throws `WORKSPACE_FAILED` where it cannot be held.
 */
export async function* keep(request: KeepRequest, world: World, signal: AbortSignal): Operation<KeepResult> {
  const { seconds } = request;
  yield { type: 'planned', workspace: findName(request.workspace), steps: LOG_IN_STEPS };
  const { endpoint, connection } = yield* logInToHold(request, world, signal);
  try {
    const { workspace } = endpoint;
    const { status, stderr } = await connection.run(`${KEEP_PROGRAM} --for ${seconds}`, signal);
    if (status === 0) return { workspace, seconds };
    throw failure('WORKSPACE_FAILED', {
      message: `Workspace ${workspace} cannot be held`,
      reason: status === NOT_FOUND ? `Its image is older and has no ${KEEP_PROGRAM}` : stderr.trim(),
      suggestions:
        status === NOT_FOUND
          ? [{ ...ws`up --image IMAGE`, workspace, note: 'a newer one' }]
          : [{ ...ws`ssh -- df /run/ws`, workspace, note: 'shows whether there is room' }],
    });
  } finally {
    await connection.close();
  }
}

/** What is stopped or asleep wants to be started first, and held then. */
async function* logInToHold(request: KeepRequest, world: World, signal: AbortSignal) {
  try {
    return yield* logIn(request, world, signal);
  } catch (error) {
    if (!hasCode(error, 'WORKSPACE_STOPPED')) throw error;
    const workspace = findName(request.workspace);
    const [start] = error.suggestions;
    const isUp = start === undefined || !('program' in start) || start.program === 'ws';
    const suggestions = [
      { ...(isUp ? { ...ws`up --no-shell`, workspace } : start), note: 'starts it' },
      { ...ws`keep ${request.time}`, workspace, note: 'then holds it' },
    ];
    throw amended(error, { suggestions });
  }
}
