/**
 * A form as pure state: text fields and lists, one at a time from top to bottom, then a review. Keys come in as inputs
 * and go through `reduceForm`; what it looks like is `report/`'s business.
 */

export interface TextField {
  kind: 'text';
  id: string;
  label: string;
  value: string;
  cursor: number;
  /** Where the shown value came from: `default`, `as last time`. '' once somebody has changed it. */
  origin: string;
  /** The first letter replaces a value that the field begins with, unless a key has moved in it: it is edited then. */
  isEdited?: boolean;
  /** The keyboard has left it and come back: what was typed before stands there like a default. */
  isRevisited?: boolean;
  /** Why a value is refused, or undefined. */
  findFault(value: string): string | undefined;
  /** What was meant by a refused value, as far as that can be told. */
  propose?(value: string): string | undefined;
  /** What a proposed value is in other words: `10.7 GB`. */
  translate?(value: string, proposal: string): string | undefined;
}

export interface ListOption {
  value: string;
  label: string;
  detail: string;
}

export interface ListField {
  kind: 'list';
  id: string;
  label: string;
  options: ListOption[];
  index: number;
}

export type Field = (TextField | ListField) & {
  /** The form skips the field while this is false for the values so far. */
  isAsked(values: Record<string, string>): boolean;
};

export interface FormState {
  fields: Field[];
  /** The field that has the keyboard; `fields.length` is the review. */
  at: number;
  /** Esc was pressed where there is nothing to go back to: once more leaves. */
  isLeaving?: boolean;
  outcome: 'open' | 'submitted' | 'cancelled';
}

export type FormInput =
  | { kind: 'insert'; text: string }
  /** What was pasted, as the terminal says or as it came all at once: lines, one for each field. */
  | { kind: 'paste'; text: string }
  /** Keys that came all at once, several letters among them: of a slow line, or of a paste. */
  | { kind: 'burst'; inputs: FormInput[] }
  | { kind: 'backspace' | 'delete' | 'left' | 'right' | 'start' | 'end' | 'clear' | 'delete-word' }
  /** `back` is Esc, which leaves where there is nothing before. */
  | { kind: 'up' | 'down' | 'next' | 'previous' | 'back' | 'cancel' };

export function openForm(fields: Field[]): FormState {
  const state: FormState = { fields, at: -1, outcome: 'open' };
  return { ...state, at: findAsked(state, 0, 1) };
}

/** The current values by field, without those that are not asked. */
export function valuesOf(fields: Field[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const field of fields) {
    if (field.isAsked(values))
      values[field.id] = field.kind === 'text' ? field.value : (field.options[field.index]?.value ?? '');
  }
  return values;
}

/** Why the current field cannot be left, or undefined. */
export function findFormFault(state: FormState): string | undefined {
  const field = state.fields[state.at];
  if (field?.kind !== 'text') return undefined;
  const fault = field.findFault(field.value);
  const proposal = fault === undefined ? undefined : findProposal(field);
  if (proposal === undefined) return fault;
  const meaning = field.translate?.(field.value, proposal);
  return `${proposal}${meaning === undefined ? '' : ` (${meaning})`}? Enter takes it`;
}

/** A text that the field takes. */
function findProposal(field: TextField): string | undefined {
  const proposal = field.propose?.(field.value);
  return proposal === undefined || field.findFault(proposal) !== undefined ? undefined : proposal;
}

export function reduceForm(before: FormState, input: FormInput): FormState {
  if (before.outcome !== 'open') return before;
  const { isLeaving = false, ...state } = before;
  switch (input.kind) {
    case 'cancel':
      return { ...state, outcome: 'cancelled' };
    case 'next':
      return goOn(state);
    case 'back':
      return isLeaving ? { ...state, outcome: 'cancelled' } : goBack(state, true);
    case 'previous':
      return goBack(state, false);
    case 'paste':
      return paste(state, input.text);
    case 'burst':
      return burst(state, input.inputs);
    default:
      return edit(state, input);
  }
}

/** Never past a fault: what is refused is seen where it stands. The first Enter takes what is proposed in its place. */
function goOn(state: FormState): FormState {
  const field = state.fields[state.at];
  if (field === undefined) return { ...state, outcome: 'submitted' };
  if (field.kind === 'text' && field.findFault(field.value) !== undefined) {
    const value = findProposal(field);
    if (value === undefined) return state;
    // Whoever typed ahead has seen no proposal: what was taken for what stays beside it.
    const origin = field.value.trim() === '' ? 'default' : `for ${field.value.trim()}`;
    return change(state, { value, cursor: value.length, origin, isEdited: true });
  }
  return { ...state, at: findAsked(state, state.at + 1, 1) };
}

/** At the first field there is nothing to go back to: the form stays, and what was typed with it. */
function goBack(state: FormState, isEsc: boolean): FormState {
  const at = findAsked(state, state.at - 1, -1);
  if (at >= 0) return change({ ...state, at }, { isRevisited: true, isEdited: false });
  return isEsc ? { ...state, isLeaving: true } : state;
}

/**
 * Each line goes to its field, and its end to the next one. It ends where a line does not fit; and it never submits:
 * nobody has read what stands there.
 */
function paste(state: FormState, text: string): FormState {
  const [first = '', ...rest] = text.split(/\r\n|\r|\n/);
  let now = state;
  let filled = fill(now, first);
  for (const line of rest) {
    if (filled?.fields[filled.at] === undefined) break;
    now = goOn(filled);
    if (now.at === filled.at) return now;
    filled = fill(now, line);
  }
  return filled ?? now;
}

/** Key after key, as far as the review: as a paste, it never submits. */
function burst(state: FormState, inputs: readonly FormInput[]): FormState {
  let now = state;
  for (const input of inputs) {
    const field = now.fields[now.at];
    if (field === undefined || now.outcome !== 'open') break;
    const filled = input.kind === 'insert' && field.kind === 'list' ? fill(now, input.text) : reduceForm(now, input);
    if (filled === undefined) break;
    now = filled;
  }
  return now;
}

/** The line as the answer of the current field; undefined when no option is called so. */
function fill(state: FormState, line: string): FormState | undefined {
  const field = state.fields[state.at];
  const text = line.replace(/\p{Cc}/gu, '');
  if (field === undefined || text === '') return state;
  if (field.kind === 'text') return edit(state, { kind: 'insert', text });
  const index = field.options.findIndex(({ value, label }) => [value, label].includes(text.trim()));
  return index < 0 ? undefined : change(state, { index });
}

function change(state: FormState, changed: Partial<TextField> | Partial<ListField>): FormState {
  const fields = state.fields.map((entry, index) => (index === state.at ? ({ ...entry, ...changed } as Field) : entry));
  return { ...state, fields };
}

/** The next field from here that is asked; past the last one is the review, before the first one is -1. */
function findAsked({ fields }: FormState, from: number, step: 1 | -1): number {
  const values = valuesOf(fields);
  let at = from;
  while (at >= 0 && at < fields.length && fields[at]?.isAsked(values) !== true) at += step;
  return Math.min(at, fields.length);
}

function edit(state: FormState, input: FormInput): FormState {
  const field = state.fields[state.at];
  if (field === undefined) return state;
  const changed = field.kind === 'list' ? moveIn(field, input) : editText(field, input);
  if (changed !== undefined) return change(state, { isRevisited: false, ...changed });
  return input.kind === 'up' ? goBack(state, false) : input.kind === 'down' ? goOn(state) : state;
}

/** Undefined when the input means nothing in this field. */
function moveIn(field: ListField, input: FormInput): Partial<ListField> | undefined {
  const steps = { down: 1, up: -1, j: 1, k: -1 } as Record<string, number>;
  const step = steps[input.kind === 'insert' ? input.text : input.kind] ?? 0;
  return { index: Math.max(0, Math.min(field.options.length - 1, field.index + step)) };
}

function editText(field: TextField, input: FormInput): Partial<TextField> | undefined {
  const { value, cursor } = field;
  const before = value.slice(0, cursor);
  const after = value.slice(cursor);
  const isEdited = true;
  switch (input.kind) {
    case 'insert':
      return (field.origin === '' && field.isRevisited !== true) || field.isEdited === true
        ? { value: before + input.text + after, cursor: cursor + input.text.length, origin: '' }
        : { value: input.text, cursor: input.text.length, origin: '' };
    case 'backspace':
      return {
        value: before.slice(0, before.length - lastLength(before)) + after,
        cursor: cursor - lastLength(before),
        origin: '',
      };
    case 'delete':
      return { value: before + after.slice(firstLetter(after).length), origin: '' };
    case 'left':
      return { cursor: cursor - lastLength(before), isEdited };
    case 'right':
      return { cursor: cursor + firstLetter(after).length, isEdited };
    case 'start':
      return { cursor: 0, isEdited };
    case 'end':
      return { cursor: value.length, isEdited };
    case 'clear':
      return { value: after, cursor: 0, origin: '' };
    case 'delete-word': {
      const kept = before.replace(/\S+\s*$/, '');
      return { value: kept + after, cursor: kept.length, origin: '' };
    }
    default:
      return undefined;
  }
}

let segmenter: Intl.Segmenter | undefined;

/** What a person sees as one letter: an emoji of several, a letter with the marks on it. */
function splitLetters(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** The first letter of a text; '' of none. */
export function firstLetter(text: string): string {
  return splitLetters(text)[Symbol.iterator]().next().value?.segment ?? '';
}

function lastLength(text: string): number {
  return [...splitLetters(text)].at(-1)?.segment.length ?? 0;
}
