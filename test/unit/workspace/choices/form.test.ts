import { describe, expect, it } from 'vitest';
import {
  type Field,
  type FormInput,
  type FormState,
  findFormFault,
  openForm,
  reduceForm,
  type TextField,
  valuesOf,
} from '../../../../src/workspace/choices/form.ts';

const always = () => true;
const text = (id: string, value: string, rest: Partial<TextField & Pick<Field, 'isAsked'>> = {}): Field => ({
  kind: 'text',
  id,
  label: id,
  value,
  cursor: value.length,
  origin: 'default',
  findFault: () => undefined,
  isAsked: always,
  ...rest,
});
const list = (id: string, values: string[], isAsked: Field['isAsked'] = always): Field => ({
  kind: 'list',
  id,
  label: id,
  index: 0,
  options: values.map((value) => ({ value, label: value, detail: '' })),
  isAsked,
});

const press = (state: FormState, ...inputs: (FormInput['kind'] | FormInput)[]) =>
  inputs.reduce<FormState>(
    (now, input) => reduceForm(now, typeof input === 'string' ? ({ kind: input } as FormInput) : input),
    state,
  );
const type = (letters: string): FormInput => ({ kind: 'insert', text: letters });
const field = (state: FormState, index = state.at) => state.fields[index] as TextField;

describe('typing into a field', () => {
  const open = (value: string) => openForm([text('a', value)]);

  it('begins at the end of what stands there, and what is typed is nobody’s default', () => {
    const state = press(open('ab'), type('c'));
    expect(field(state)).toMatchObject({ value: 'abc', cursor: 3, origin: '' });
  });

  it('inserts and deletes where the cursor is', () => {
    expect(field(press(open('ac'), 'left', type('b')))).toMatchObject({ value: 'abc', cursor: 2 });
    expect(field(press(open('abc'), 'left', 'backspace'))).toMatchObject({ value: 'ac', cursor: 1 });
    expect(field(press(open('abc'), 'start', 'delete'))).toMatchObject({ value: 'bc', cursor: 0 });
    expect(field(press(open('abc'), 'start', 'end'))).toMatchObject({ cursor: 3 });
  });

  it('stays within the text at both ends', () => {
    expect(field(press(open('a'), 'start', 'left', 'backspace'))).toMatchObject({ value: 'a', cursor: 0 });
    expect(field(press(open('a'), 'right', 'delete'))).toMatchObject({ value: 'a', cursor: 1 });
  });

  it('clears to the start, and takes back a word', () => {
    expect(field(press(open('abc'), 'left', 'clear'))).toMatchObject({ value: 'c', cursor: 0 });
    expect(field(press(open('one two  '), 'delete-word'))).toMatchObject({ value: 'one ', cursor: 4 });
    expect(field(press(open(''), 'delete-word'))).toMatchObject({ value: '', cursor: 0 });
  });

  it('never cuts a character in two', () => {
    expect(field(press(open('a😀'), 'backspace'))).toMatchObject({ value: 'a', cursor: 1 });
    expect(field(press(open('😀b'), 'left', 'left'))).toMatchObject({ cursor: 0 });
    expect(field(press(open('😀b'), 'start', 'right'))).toMatchObject({ cursor: 2 });
    expect(field(press(open('😀b'), 'start', 'delete'))).toMatchObject({ value: 'b', cursor: 0 });
  });
});

describe('choosing from a list', () => {
  const open = () => openForm([list('a', ['x', 'y', 'z']), text('b', '')]);
  const index = (state: FormState) => (state.fields[0] as { index: number }).index;

  it('moves with arrows and with j and k, and stops at the ends', () => {
    expect(index(press(open(), 'down'))).toBe(1);
    expect(index(press(open(), 'down', 'down', 'down', 'down'))).toBe(2);
    expect(index(press(open(), type('j'), type('j'), type('k')))).toBe(1);
    expect(index(press(open(), 'up'))).toBe(0);
  });

  it('takes no other letters and stays where it is', () => {
    const state = press(open(), type('q'), 'left', 'backspace');
    expect([state.at, index(state)]).toEqual([0, 0]);
  });
});

describe('going through the form', () => {
  it('goes from field to field with Enter and the arrows, and back with Esc', () => {
    const open = openForm([text('a', '1'), text('b', '2')]);
    expect(press(open, 'next').at).toBe(1);
    expect(press(open, 'down').at).toBe(1);
    expect(press(open, 'next', 'back').at).toBe(0);
    expect(press(open, 'next', 'up').at).toBe(0);
  });

  it('does not lose the form when there is nothing to go back to', () => {
    expect(press(openForm([text('a', '1')]), type('x'), 'back', 'up')).toMatchObject({ at: 0, outcome: 'open' });
  });

  it('does not leave a field with a fault in it', () => {
    const findFault = (value: string) => (value === '' ? 'it is empty' : undefined);
    const empty = openForm([text('a', '', { findFault }), text('b', '')]);
    expect(findFormFault(empty)).toBe('it is empty');
    expect(press(empty, 'next', 'down').at).toBe(0);
    expect(press(empty, type('x'), 'next').at).toBe(1);
  });

  it('leaves out what earlier answers made needless, forwards and backwards', () => {
    const size = text('size', '10Gi', { isAsked: (values) => values.storage !== 'none' });
    const open = openForm([list('storage', ['fast', 'none']), size, text('key', 'k')]);
    expect(press(open, 'next').at).toBe(1);
    const without = press(open, 'down', 'next');
    expect(without.at).toBe(2);
    expect(valuesOf(without.fields)).toEqual({ storage: 'none', key: 'k' });
    expect(press(without, 'back').at).toBe(0);
    expect(press(without, 'back', 'up', 'next').at).toBe(1);
  });

  it('begins at the first question that is asked; with none it is the review', () => {
    const never = { isAsked: () => false };
    expect(openForm([text('a', '', never), text('b', '')]).at).toBe(1);
    expect(openForm([text('a', '', never)]).at).toBe(1);
    expect(press(openForm([text('a', '', never)]), 'back').at).toBe(1);
  });
});

describe('the end of the form', () => {
  const review = () => press(openForm([text('a', '1'), text('b', '2')]), 'next', 'next');

  it('is a review, which Enter submits and Esc leaves', () => {
    expect(review()).toMatchObject({ at: 2, outcome: 'open' });
    expect(press(review(), 'next').outcome).toBe('submitted');
    expect(press(review(), 'back').at).toBe(1);
    expect(valuesOf(review().fields)).toEqual({ a: '1', b: '2' });
  });

  it('does not submit by a stray arrow or letter', () => {
    const open = review();
    expect(press(open, 'down', 'up', type('x'), 'backspace')).toEqual(open);
  });

  it('comes from anywhere with Ctrl-C, and nothing happens after it', () => {
    const cancelled = press(openForm([text('a', '1')]), 'cancel');
    expect(cancelled.outcome).toBe('cancelled');
    expect(press(cancelled, type('x'), 'next')).toEqual(cancelled);
    const submitted = press(review(), 'next');
    expect(press(submitted, 'cancel')).toEqual(submitted);
  });
});
