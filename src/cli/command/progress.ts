import type { Reader } from '../../report/notes.ts';
import { openReporter } from '../../report/progress/open-reporter.ts';
import type { Reporter } from '../../report/progress/reporter.ts';
import { hasCode } from '../../workspace/errors/errors.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { Operation, ProgressEvent } from '../../workspace/state/events.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { TypeAhead } from '../terminal/type-ahead.ts';
import { isShown } from '../wiring/foreground.ts';

/** How progress is shown on stderr. */
export const PROGRESS_KINDS = ['auto', 'live', 'plain', 'json', 'quiet'] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];

/** Who reads what is said beside the events. */
export function toReader(kind: ProgressKind | 'sparing'): Reader {
  if (kind === 'json') return 'program';
  return kind === 'quiet' ? 'nobody' : 'person';
}

/** Shows the events of operations on stderr, one operation at a time. */
export class Progress {
  readonly #terminal: CliTerminal;
  readonly #kind: ProgressKind | 'sparing';
  readonly #spell: Spell;
  readonly #tell: (workspace: string) => void;
  readonly #typeAhead: TypeAhead;
  #reporter: Reporter | undefined;

  /** `tell` hears which workspace an operation is about, once it has found out: suggestions then name it. */
  constructor(terminal: CliTerminal, kind: ProgressKind | 'sparing', spell: Spell, tell: (workspace: string) => void) {
    this.#terminal = terminal;
    this.#kind = kind;
    this.#spell = spell;
    this.#tell = tell;
    this.#typeAhead = new TypeAhead(terminal);
  }

  /** Runs an operation to its end. The reporter has let go of the terminal before this returns. */
  async perform<Result>(operation: Operation<Result>): Promise<Result> {
    const reporter = await this.#open();
    this.#reporter = reporter;
    try {
      while (true) {
        const next = await operation.next();
        if (next.done === true) return next.value;
        const workspace = findWorkspace(next.value);
        if (workspace !== undefined) this.#tell(workspace);
        reporter.event(next.value);
      }
    } catch (error) {
      // A person may be asked for the workspace, and then it goes on.
      if (!hasCode(error, 'WORKSPACE_AMBIGUOUS')) reporter.fail(error);
      throw error;
    } finally {
      this.#reporter = undefined;
      await reporter.close();
    }
  }

  /** Gives the terminal to a question. Otherwise progress would draw over it and read its keys. */
  readonly whileAsking = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await this.#typeAhead.whileAsking(async () => this.#reporter?.suspend(), ask);
    } finally {
      this.#reporter?.resume();
    }
  };

  async #open(): Promise<Reporter> {
    const { stderr: stream, columns, colorOnStderr: color, canDraw } = this.#terminal;
    const kind = this.#kind === 'auto' ? (canDraw ? 'live' : 'plain') : this.#kind;
    const { hush } = this.#typeAhead;
    return openReporter({ kind, stream, columns, color, nowMs: Date.now, spell: this.#spell, isShown, hush });
  }
}

function findWorkspace(event: ProgressEvent): string | undefined {
  if (event.type === 'planned') return event.workspace;
  return event.type === 'finished' && event.fact?.kind === 'found' ? event.fact.workspace : undefined;
}
