import { describe, expect, it } from 'vitest';
import type { Offer } from '../../../../src/workspace/choices/choice.ts';
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
import { toFields } from '../../../../src/workspace/choices/questions.ts';

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

  it('replaces what somebody else put there, and then goes on', () => {
    const state = press(open('ab'), type('c'));
    expect(field(state)).toMatchObject({ value: 'c', cursor: 1, origin: '' });
    expect(field(press(state, type('d')))).toMatchObject({ value: 'cd', cursor: 2 });
    const again = press(openForm([text('a', '1'), text('b', '2')]), 'next', 'back', type('7'));
    expect(field(again)).toMatchObject({ value: '7' });
    const anew = press(openForm([text('a', '1'), text('b', '2')]), type('5'), 'next', 'back', type('8'), type('0'));
    expect(field(anew)).toMatchObject({ value: '80' });
    const kept = press(openForm([text('a', '1'), text('b', '2')]), type('5'), 'next', 'back', 'end', type('8'));
    expect(field(kept)).toMatchObject({ value: '58' });
  });

  it.each<[FormInput['kind'], string]>([
    ['end', 'abc'],
    ['right', 'abc'],
    ['left', 'acb'],
    ['start', 'cab'],
    ['backspace', 'ac'],
  ])('edits it once %s was pressed', (key, expected) => {
    expect(field(press(open('ab'), key, type('c')))).toMatchObject({ value: expected, origin: '' });
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
    // Letters of several code points: a letter with a mark on it, a family, a flag.
    for (const letter of ['e\u0301', '👨‍👩‍👧', '🇩🇪'])
      expect(field(press(open(`a${letter}`), 'backspace')), letter).toMatchObject({ value: 'a', cursor: 1 });
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
    expect(press(openForm([text('a', '1')]), 'previous', 'previous')).toMatchObject({ at: 0, outcome: 'open' });
  });

  it('is left from the first field by a second Esc, and by no other key after the first', () => {
    const once = press(openForm([text('a', '1'), text('b', '2')]), 'back');
    expect(once).toMatchObject({ at: 0, outcome: 'open', isLeaving: true });
    expect(press(once, 'back').outcome).toBe('cancelled');
    expect(press(once, 'next')).not.toHaveProperty('isLeaving');
    expect(press(once, 'next', 'back')).toMatchObject({ at: 0, outcome: 'open' });
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

describe('a paste', () => {
  const paste = (pasted: string): FormInput => ({ kind: 'paste', text: pasted });
  const open = () => openForm([text('a', 'x'), text('b', 'y'), list('c', ['fast', 'none']), text('d', 'z')]);

  it('puts each line into its field, and its end goes to the next one', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const state = press(open(), paste(`one${end}two${end}`));
      expect([state.at, valuesOf(state.fields)]).toEqual([2, { a: 'one', b: 'two', c: 'fast', d: 'z' }]);
    }
    expect(press(open(), paste('one\n\nnone\nq'))).toMatchObject({ at: 3, outcome: 'open' });
    expect(valuesOf(press(open(), paste('one\n\nnone\nq')).fields)).toEqual({ a: 'one', b: 'y', c: 'none', d: 'q' });
  });

  it('ends where a line does not fit, and never submits', () => {
    expect(press(open(), paste('1\n2\nnowhere\n4\n'))).toMatchObject({ at: 2, outcome: 'open' });
    expect(press(open(), paste('1\n2\nfast\n4\n\n\n'))).toMatchObject({ at: 4, outcome: 'open' });
    const findFault = (value: string) => (value === 'bad' ? 'no' : undefined);
    const faulty = openForm([text('a', '', { findFault }), text('b', '')]);
    const state = press(faulty, paste('bad\ngood\n'));
    expect([state.at, valuesOf(state.fields)]).toEqual([0, { a: 'bad', b: '' }]);
  });

  it('brings no control characters into a field', () => {
    expect(valuesOf(press(open(), paste('o\x1b[2Jn\te')).fields)).toMatchObject({ a: 'o[2Jne' });
  });
});

const OFFER: Offer = {
  storageClasses: [],
  identities: [],
  agent: { kind: 'none' },
  newKeyPath: '/home/me/.ssh/new',
  keyFolder: '~/.ssh',
};

describe('a proposal', () => {
  const findFault = (value: string) => (/^\d+Gi$/.test(value) ? undefined : 'it has no unit');
  const propose = (value: string) => (/^\d+$/.test(value) ? `${value}Gi` : 'also wrong');
  const open = () => openForm([text('a', '10Gi', { findFault, propose }), text('b', '')]);

  it('is shown in place of the fault, taken by the first Enter, and left by the next', () => {
    const typed = press(open(), type('20'));
    expect(findFormFault(typed)).toBe('20Gi? Enter takes it');
    const taken = press(typed, 'next');
    expect([taken.at, field(taken).value, findFormFault(taken)]).toEqual([0, '20Gi', undefined]);
    expect(press(taken, 'next').at).toBe(1);
  });

  it('says in other words what it is, and stays beside what it was taken for', () => {
    const fields = toFields({}, OFFER, {}).filter(({ id }) => ['uid', 'size'].includes(id));
    const asked = fields.map((one) => ({ ...one, isAsked: () => true }));
    const emptied = press(openForm(asked), 'end', 'clear');
    expect(findFormFault(emptied)).toBe('1000? Enter takes it');
    const size = press(emptied, 'next', 'next', type('10 GB'));
    expect(findFormFault(size)).toBe('10Gi (10.7 GB)? Enter takes it');
    expect(field(press(size, 'next'))).toMatchObject({ value: '10Gi', origin: 'for 10 GB' });
    // Typed on, it is edited, and nobody else's any more.
    expect(field(press(size, 'next', 'backspace'))).toMatchObject({ value: '10G', origin: '' });
  });

  it('is none when it would be refused as well', () => {
    const typed = press(open(), type('x'));
    expect([findFormFault(typed), press(typed, 'next').at]).toEqual(['it has no unit', 0]);
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
