import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { toInputs } from '../../../../src/report/asking/ask.tsx';

const key = (pressed: Partial<Key> = {}) => pressed as Key;
const kinds = (text: string, pressed?: Partial<Key>) => toInputs(text, key(pressed)).map(({ kind }) => kind);

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

  it('type what they say, together what came together', () => {
    expect(toInputs('aä😀', key())).toEqual([{ kind: 'insert', text: 'aä😀' }]);
  });

  it('of a paste keep their order, line ends and backspaces included', () => {
    expect(kinds('a\x7fb\r\x15')).toEqual(['insert', 'backspace', 'insert', 'next', 'clear']);
  });
});
