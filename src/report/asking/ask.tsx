import type { Readable } from 'node:stream';
import { type Key, render, useInput, usePaste } from 'ink';
import type { ReactNode } from 'react';
import { type FormInput, firstLetter } from '../../workspace/choices/form.ts';
import { interrupted } from '../../workspace/errors/errors.ts';
import { followSize, type Screen } from './follow-size.tsx';
import { takeWaiting } from './waiting-input.ts';

/** Where to ask: a terminal's input, and the stream to draw on. */
export interface AskStreams {
  stdin: Readable;
  stream: Screen;
  signal: AbortSignal;
}

/** What the key sends to a terminal in raw mode. */
const CTRL_C = '\x03';

/** Of a terminal that does not tell. */
const DEFAULT_COLUMNS = 80;

/** What is asked: a state, what keys make of it, and how it looks. */
interface Question<State> {
  initial: State;
  reduce(state: State, input: FormInput): State;
  isDone(state: State): boolean;
  draw(state: State, columns: number): ReactNode;
}

/**
 * Draws a state, sends each key through `reduce`, and resolves with the state that `isDone` accepts. Ctrl-C and the
 * signal throw `INTERRUPTED`. The terminal is as before when this settles, and the question is gone from it. What was
 * typed before there was anything to see is for nobody.
 */
export async function ask<State>(question: Question<State>, streams: AskStreams): Promise<State> {
  const leaveRawMode = enterRawMode(streams.stdin);
  try {
    if ((await takeWaiting(streams.stdin)).includes(CTRL_C) || streams.signal.aborted) throw interrupted();
    return await converse(question, streams);
  } finally {
    leaveRawMode();
  }
}

async function converse<State>(options: Question<State>, { stdin, stream, signal }: AskStreams): Promise<State> {
  let state = options.initial;
  let isCancelled = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const hear = (input: FormInput) => {
    // What came with the key that answered it is for nobody.
    if (isCancelled || options.isDone(state)) return;
    if (input.kind === 'cancel') {
      isCancelled = true;
      return resolve();
    }
    state = options.reduce(state, input);
    draw();
    if (options.isDone(state)) resolve();
  };
  const picture = (columns: number) => options.draw(state, columns);
  const take = gatherReads((strokes) => {
    for (const input of toInputs(strokes)) hear(input);
  });
  const frame = () => <Keyboard take={take}>{picture(stream.columns || DEFAULT_COLUMNS)}</Keyboard>;
  const draw = () => ink.rerender(frame());
  const ink = render(frame(), {
    stdin: stdin as NodeJS.ReadStream,
    stdout: stream as NodeJS.WriteStream,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const stopFollowing = followSize(stream, picture, draw);
  const abort = () => {
    isCancelled = true;
    resolve();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    stopFollowing();
    ink.clear();
    ink.unmount();
    await ink.waitUntilExit();
  }
  if (isCancelled) throw interrupted();
  return state;
}

/**
 * Ink does it only when its first frame is drawn. Until then what is typed would be the terminal's own: echoed into the
 * frame, and a Ctrl-U lost. Returns how to have it as before.
 */
function enterRawMode(stdin: Readable & Partial<Pick<NodeJS.ReadStream, 'isRaw' | 'setRawMode'>>): () => void {
  if (stdin.isRaw === true) return () => undefined;
  stdin.setRawMode?.(true);
  return () => stdin.setRawMode?.(false);
}

/** A key, or a text without one, as Ink tells it. */
export type Stroke = { text: string; key: Key } | { pasted: string };

function Keyboard({ take, children }: { take(stroke: Stroke): void; children: ReactNode }) {
  useInput((text, key) => take({ text, key }));
  usePaste((pasted) => take({ pasted }));
  return children;
}

/** Ink tells each key of one read by itself, one after the other; what they are together only all of them say. */
function gatherReads(hear: (strokes: Stroke[]) => void): (stroke: Stroke) => void {
  let strokes: Stroke[] = [];
  return (stroke) => {
    strokes.push(stroke);
    if (strokes.length > 1) return;
    queueMicrotask(() => {
      const all = strokes;
      strokes = [];
      hear(all);
    });
  };
}

/**
 * The strokes of one read as the form's inputs: a key, or a burst of them. Many terminals do not say what was pasted,
 * so a burst with more than one letter in it may be that: it fills texts, and answers nothing else.
 */
export function toInputs(strokes: readonly Stroke[]): FormInput[] {
  const inputs = strokes.flatMap(readStroke);
  const letters = inputs.map((input) => (input.kind === 'insert' ? input.text : '')).join('');
  // Enter may have been pressed again and again before there was anything to see.
  const isImpatient = inputs.filter(({ kind }) => kind === 'next').length > 1;
  if (firstLetter(letters) === letters && !isImpatient) return inputs;
  if (inputs.some((input) => input.kind === 'cancel')) return [{ kind: 'cancel' }];
  const [text, ...others] = strokes.map((stroke) => ('text' in stroke ? stroke.text : stroke.pasted));
  const isLines = letters !== '' && text !== undefined && others.length === 0 && !/(?![\r\n])\p{Cc}/u.test(text);
  return isLines ? [{ kind: 'paste', text }] : [{ kind: 'burst', inputs }];
}

function readStroke(stroke: Stroke): FormInput[] {
  if ('pasted' in stroke) return [{ kind: 'paste', text: stroke.pasted }];
  const { text, key } = stroke;
  const kind = findKind(text, key);
  if (kind !== undefined) return [{ kind }];
  if (key.ctrl || key.meta) return [];
  return (text.match(/\r\n|\p{Cc}|\P{Cc}+/gu) ?? []).flatMap(toInput);
}

function toInput(part: string): FormInput[] {
  if (/^[\r\n\t]/.test(part)) return [{ kind: 'next' }];
  if (part === '\x7f' || part === '\b') return [{ kind: 'backspace' }];
  if (!/^\p{Cc}/u.test(part)) return [{ kind: 'insert', text: part }];
  const control = CONTROL_KEYS[String.fromCharCode(part.charCodeAt(0) + 96)];
  return control === undefined ? [] : [{ kind: control }];
}

/** What a key without text means. */
type KeyKind = Exclude<FormInput, { text: string } | { inputs: FormInput[] }>['kind'];

function findKind(text: string, key: Key): KeyKind | undefined {
  if (key.ctrl) return CONTROL_KEYS[text];
  if (key.return) return 'next';
  if (key.tab) return key.shift ? 'previous' : 'next';
  if (key.escape) return 'back';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.home) return 'start';
  if (key.end) return 'end';
  // Terminals send 0x7f for the backspace key, which some libraries call delete.
  return key.backspace || key.delete ? 'backspace' : undefined;
}

/** As in a shell's line editor. */
const CONTROL_KEYS: Record<string, KeyKind> = {
  c: 'cancel',
  a: 'start',
  e: 'end',
  u: 'clear',
  w: 'delete-word',
  d: 'delete',
  n: 'down',
  p: 'up',
};
