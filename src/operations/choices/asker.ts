import type { Answers } from '../../workspace/choices/choice.ts';
import type { Choices } from '../../workspace/choices/chosen.ts';
import type { Field } from '../../workspace/choices/form.ts';
import type { LastAnswers, Settings } from '../../workspace/choices/settings.ts';

/** Who answers what is still open of a new workspace, and what that person said before. */
export interface Asker {
  /** A person at a terminal, the defaults, or nobody. */
  readonly who: 'person' | 'defaults' | 'nobody';
  readSettings(): Promise<Settings>;
  /** Shows the form to its end. Throws `INTERRUPTED` when the person gives up. */
  ask(form: UpForm): Promise<Answers>;
  /** Keeps these beside the answers of former forms. It never throws. */
  remember(answers: LastAnswers): Promise<void>;
}

/** What is asked in one go. */
export interface UpForm {
  workspace: string;
  context: string;
  namespace: string;
  /** What is to be known before it is answered. */
  note: string | undefined;
  /** They begin with the answers of the last time. */
  fields: Field[];
  /** All that is chosen by then. */
  toChoices(answers: Answers): Choices;
  /** Chosen as the key, this is made first. */
  newKeyPath: string | undefined;
}
