/** Notices that somebody took down or stopped a workspace that is waited for: the wait would only run out. */
import { failure, interrupted, withOutcome } from '../../workspace/errors/errors.ts';
import { type Command, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { toStart } from '../../workspace/sleep/start-again.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { stopped } from '../checks/verify-undamaged.ts';
import { describeLeft } from '../checks/what-is-left.ts';

/** A list may be older than what was written a moment ago. After this time it is looked again, to be sure. */
const SETTLE_MS = 3000;

export class Absence {
  readonly #world: World;
  readonly #signal: AbortSignal;
  #sinceMs: number | undefined;
  /** What starts it again, while it is stopped. */
  #start: Command | undefined;

  constructor(world: World, signal: AbortSignal) {
    this.#world = world;
    this.#signal = signal;
  }

  /**
   * Throws `WORKSPACE_MISSING` for a workspace that has not been there for a while, nor is at a second look, and
   * `WORKSPACE_STOPPED` for one that has been stopped for as long.
   */
  async verifyThere(snapshot: WorkspaceSnapshot): Promise<void> {
    const { name: workspace, deployment } = snapshot;
    const { clock, cluster } = this.#world;
    this.#start = deployment?.replicas === 0 ? toStart(snapshot) : undefined;
    if (deployment !== undefined && this.#start === undefined) this.#sinceMs = undefined;
    else this.#sinceMs ??= clock.nowMs();
    if (this.#sinceMs === undefined || clock.nowMs() - this.#sinceMs < SETTLE_MS) return;
    const now = await cluster.findWorkspace(workspace, this.#signal);
    this.#sinceMs = undefined;
    if (now?.deployment?.replicas === 0) throw stopped(now, now.deployment.stop);
    if (now?.deployment !== undefined) return;
    throw failure('WORKSPACE_MISSING', {
      message: `Workspace ${workspace} was taken down meanwhile`,
      ...(now === undefined ? {} : { reason: describeLeft(now).reason }),
      suggestions: [makeAgain(workspace), ws`ls`],
    });
  }

  /** The end of a wait that somebody interrupted. It says so where nothing goes on. */
  toInterruption(workspace: string) {
    if (this.#sinceMs === undefined) return interrupted();
    return withOutcome(
      interrupted(),
      `Workspace ${workspace} is ${this.#start === undefined ? 'not there any more' : 'stopped'}`,
      [this.#start === undefined ? makeAgain(workspace) : { ...this.#start, note: 'starts it again' }],
    );
  }
}

function makeAgain(workspace: string): Suggestion {
  return { ...ws`up`, workspace, isNew: true, note: 'makes it again' };
}
