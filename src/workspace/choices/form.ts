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
  /** Where the shown value came from: `default`, `saved`. */
  origin: string;
  /** Why a value is refused, or undefined. */
  findFault(value: string): string | undefined;
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
  outcome: 'open' | 'submitted' | 'cancelled';
}

export type FormInput =
  | { kind: 'insert'; text: string }
  | { kind: 'backspace' | 'delete' | 'left' | 'right' | 'start' | 'end' | 'clear' | 'delete-word' }
  | { kind: 'up' | 'down' | 'next' | 'back' | 'cancel' };

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
  return field?.kind === 'text' ? field.findFault(field.value) : undefined;
}

export function reduceForm(state: FormState, input: FormInput): FormState {
  if (state.outcome !== 'open') return state;
  switch (input.kind) {
    case 'cancel':
      return { ...state, outcome: 'cancelled' };
    case 'next':
      return goOn(state);
    case 'back':
      return goBack(state);
    default:
      return edit(state, input);
  }
}

function goOn(state: FormState): FormState {
  if (state.at >= state.fields.length) return { ...state, outcome: 'submitted' };
  if (findFormFault(state) !== undefined) return state;
  return { ...state, at: findAsked(state, state.at + 1, 1) };
}

/** At the first field there is nothing to go back to: the form stays, and what was typed with it. */
function goBack(state: FormState): FormState {
  const at = findAsked(state, state.at - 1, -1);
  return at < 0 ? state : { ...state, at };
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
  if (changed === undefined) return input.kind === 'up' ? goBack(state) : input.kind === 'down' ? goOn(state) : state;
  return {
    ...state,
    fields: state.fields.map((entry, index) => (index === state.at ? ({ ...entry, ...changed } as Field) : entry)),
  };
}

/** Undefined when the input means nothing in this field. */
function moveIn(field: ListField, input: FormInput): Partial<ListField> | undefined {
  const step =
    input.kind === 'down' || (input.kind === 'insert' && input.text === 'j')
      ? 1
      : input.kind === 'up' || (input.kind === 'insert' && input.text === 'k')
        ? -1
        : 0;
  if (step === 0) return {};
  return { index: Math.max(0, Math.min(field.options.length - 1, field.index + step)) };
}

function editText(field: TextField, input: FormInput): Partial<TextField> | undefined {
  const { value, cursor } = field;
  const before = value.slice(0, cursor);
  const after = value.slice(cursor);
  switch (input.kind) {
    case 'insert':
      return { value: before + input.text + after, cursor: cursor + input.text.length, origin: '' };
    case 'backspace':
      return {
        value: before.slice(0, before.length - lastLength(before)) + after,
        cursor: cursor - lastLength(before),
        origin: '',
      };
    case 'delete':
      return { value: before + after.slice(firstLength(after)), origin: '' };
    case 'left':
      return { cursor: cursor - lastLength(before) };
    case 'right':
      return { cursor: cursor + firstLength(after) };
    case 'start':
      return { cursor: 0 };
    case 'end':
      return { cursor: value.length };
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

/** Code units of the first character: an emoji has two, and half of one is none. */
function firstLength(text: string): number {
  return /^./su.exec(text)?.[0].length ?? 0;
}

function lastLength(text: string): number {
  return /.$/su.exec(text)?.[0].length ?? 0;
}
