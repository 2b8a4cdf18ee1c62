import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { type Stroke, toInputs } from '../../../../src/report/asking/ask.tsx';

const stroke = (text: string, pressed: Partial<Key> = {}): Stroke => ({ text, key: pressed as Key });
const kinds = (text: string, pressed?: Partial<Key>) => toInputs([stroke(text, pressed)]).map(({ kind }) => kind);

describe('keys', () => {
  it.each<[keyof Key, string]>([
    ['return', 'next'],
    ['tab', 'next'],
    ['escape', 'back'],
    ['upArrow', 'up'],
    ['downArrow', 'down'],
    ['leftArrow', 'left'],
    ['rightArrow', 'right'],
    ['home', 'start'],
    ['end', 'end'],
    ['backspace', 'backspace'],
    ['delete', 'backspace'],
  ])('%s means %s', (name, kind) => {
    expect(kinds('', { [name]: true })).toEqual([kind]);
  });

  it('go back with Shift-Tab', () => {
    expect(kinds('', { tab: true, shift: true })).toEqual(['previous']);
  });

  it.each([
    ['c', 'cancel'],
    ['a', 'start'],
    ['e', 'end'],
    ['u', 'clear'],
    ['w', 'delete-word'],
    ['d', 'delete'],
    ['n', 'down'],
    ['p', 'up'],
  ])('Ctrl-%s edits as in a shell', (letter, kind) => {
    expect(kinds(letter, { ctrl: true })).toEqual([kind]);
    expect(kinds(String.fromCharCode(letter.charCodeAt(0) - 96))).toEqual([kind]);
  });

  it('with Ctrl or Alt that mean nothing type nothing', () => {
    expect([...kinds('x', { ctrl: true }), ...kinds('x', { meta: true }), ...kinds('\x00\x02')]).toEqual([]);
  });

  it('type what they say, a letter of several code points as well', () => {
    for (const letter of ['a', 'ä', '😀', 'e\u0301', '👨‍👩‍👧'])
      expect(toInputs([stroke(letter)])).toEqual([{ kind: 'insert', text: letter }]);
    expect(kinds('y\r')).toEqual(['insert', 'next']);
    expect(kinds('\r\x7f')).toEqual(['next', 'backspace']);
  });

  it.each(['yes', 'aä😀', 'bob\rfast\r', 'y\ny\n'])('are a paste where several letters come at once: %j', (text) => {
    expect(toInputs([stroke(text)])).toEqual([{ kind: 'paste', text }]);
  });

  it('of a burst keep their order, line ends and backspaces included', () => {
    const [burst, ...more] = toInputs([stroke('a\x7fb\r\x15')]);
    expect([burst?.kind, more]).toEqual(['burst', []]);
    const inputs = burst?.kind === 'burst' ? burst.inputs : [];
    expect(inputs.map(({ kind }) => kind)).toEqual(['insert', 'backspace', 'insert', 'next', 'clear']);
  });

  it('of one read belong together, though Ink tells a backspace and an arrow by themselves', () => {
    const strokes = [stroke('y'), stroke('', { backspace: true }), stroke('', { downArrow: true }), stroke('y')];
    expect(toInputs(strokes)).toMatchObject([
      { kind: 'burst', inputs: [{}, { kind: 'backspace' }, { kind: 'down' }, {}] },
    ]);
    expect(toInputs([stroke('', { downArrow: true }), stroke('\r', { return: true })])).toHaveLength(2);
    expect(toInputs([stroke('a'), { pasted: 'b' }]).map(({ kind }) => kind)).toEqual(['insert', 'paste']);
  });

  it('of a burst with Ctrl-C in it end the question', () => {
    expect(kinds('ab\x03y')).toEqual(['cancel']);
  });
});
