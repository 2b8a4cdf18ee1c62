import type { Answers } from '../../workspace/choices/choice.ts';
import type { Choices } from '../../workspace/choices/chosen.ts';
import type { Field } from '../../workspace/choices/form.ts';
import type { LastAnswers, Settings } from '../../workspace/choices/settings.ts';
import type { InUse } from '../../workspace/in-use.ts';

/** Who answers what is still open of a new workspace, and what that person said before. */
export interface Asker {
  /** A person at a terminal, the defaults, or nobody. */
  readonly who: 'person' | 'defaults' | 'nobody';
  /** Why nobody is asked, where that is so: `there is no terminal to ask on`. */
  readonly silence: string;
  readSettings(): Promise<Settings>;
  /** Shows the form to its end. Throws `INTERRUPTED` when the person gives up. */
  ask(form: UpForm): Promise<Answers>;
  /**
   * Asks before a restart ends what runs there, and says first why it has to be, if that is known. Throws `INTERRUPTED`
   * for a No, and `ANSWER_MISSING`.
   */
  agreeToRestart(workspace: string, inUse: InUse, why?: string): Promise<void>;
  /** Keeps these beside the answers of former forms, once they have made a workspace. It never throws. */
  remember(answers: LastAnswers): Promise<void>;
}

/** The questions of one form. */
export interface UpForm {
  workspace: string;
  context: string;
  namespace: string;
  /** What a person should know before answering. */
  note: string | undefined;
  /** The home that an earlier workspace of this name left, where it is taken up. */
  keptHome: { claim: string; size: string | undefined } | undefined;
  /** They begin with the answers of the last time that a workspace came up. */
  fields: Field[];
  /** Everything chosen so far. */
  toChoices(answers: Answers): Choices;
  /** The path of the key to make first, if the person chooses a new one. */
  newKeyPath: string | undefined;
}
