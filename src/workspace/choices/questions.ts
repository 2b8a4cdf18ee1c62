/** The form of the table: what is asked, what the answers come to, and what is remembered of them. */
import type { Answers, Offer, Question } from './choice.ts';
import { CHOICE_NAMES, type ChoiceName, type Choices, type QuestionName, rowOf } from './chosen.ts';
import type { Field, ListOption } from './form.ts';
import type { LastAnswers } from './settings.ts';

/** The origin of a value that answered the last form. */
const LAST_TIME = 'as last time';

interface Open {
  name: QuestionName;
  question: Question;
  isAsked(answers: Answers): boolean;
}

/** The questions that nothing has answered yet, in the table's order. */
function listOpen(known: Choices): Open[] {
  const names = new Set<string>(CHOICE_NAMES.filter((name) => known[name] !== undefined));
  return CHOICE_NAMES.flatMap((name) => {
    const { question } = rowOf(name);
    if (question === undefined || names.has(name)) return [];
    return [{ name: name as QuestionName, question, isAsked: (answers) => question.isAsked?.(names, answers) ?? true }];
  });
}

/** The questions that have to be answered before a workspace can be made. */
export function listMissing(known: Choices): QuestionName[] {
  return listOpen(known).flatMap(({ name, isAsked }) => (isAsked({}) ? [name] : []));
}

export function toFields(known: Choices, offer: Offer, last: LastAnswers): Field[] {
  return listOpen(known).map(({ name, question, isAsked }): Field => {
    const { write = String, findFault, propose, translate } = rowOf(name);
    const { label } = question;
    const answer = last[name] === undefined ? undefined : write(last[name]);
    if (question.options !== undefined)
      return { kind: 'list', id: name, label, isAsked, ...toList(question.options(offer), answer) };
    const preset = question.preset(offer);
    const value = answer ?? preset;
    const origin = answer === undefined ? 'default' : LAST_TIME;
    const text = {
      ...{ label, isAsked, findFault },
      // Whoever empties a field wants what it had, or something else, which is then typed.
      propose: (typed: string) => (typed.trim() === '' ? preset : propose?.(typed)),
      ...(translate === undefined ? {} : { translate }),
    };
    return { kind: 'text', id: name, ...text, value, origin, cursor: value.length };
  });
}

/** The options, with the last answer marked and chosen. */
function toList(options: ListOption[], last: string | undefined): { options: ListOption[]; index: number } {
  const mark = ({ detail, ...option }: ListOption) => ({
    ...option,
    detail: detail === '' ? LAST_TIME : `${LAST_TIME} · ${detail}`,
  });
  const index = options.findIndex(({ value }) => value === last);
  return { options: options.map((option, at) => (at === index ? mark(option) : option)), index: Math.max(0, index) };
}

/** What `--yes` answers: the defaults that the form would show. */
export function toPresets(known: Choices, offer: Offer): Answers {
  return listOpen(known).reduce<Answers>(
    (answers, { name, question, isAsked }) =>
      isAsked(answers) ? { ...answers, [name]: question.preset(offer) } : answers,
    {},
  );
}

/** The answers as choices. The form has refused all invalid ones. */
export function readAnswers(answers: Answers): LastAnswers {
  return Object.fromEntries(
    Object.entries(answers).map(([name, text]) => [name, rowOf(name as ChoiceName).read(text)]),
  );
}
