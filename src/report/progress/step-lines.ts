import type { StepState } from '../../workspace/state/events.ts';
import { cut } from '../signs.ts';
import { wrap } from '../wrap.ts';
import { describeFact, titleOf } from './wording.ts';

/** A line of a step: what it is called, then what is known of it. */
export interface StepLine {
  title: string;
  fact: string;
}

/**
 * A step in lines of at most `width` columns. What a step waits for, or failed at, is whole, over as many lines as it
 * takes; what a finished one came to is cut.
 */
export function toStepLines({ id, status, fact }: StepState, width: number): StepLine[] {
  const title = titleOf(id, status === 'done');
  const words = fact === undefined || status === 'waiting' ? '' : describeFact(fact);
  const text = words === '' ? title : `${title}  ${words}`;
  const [first = '', ...rest] = status === 'done' ? [cut(text, width)] : wrap(text, width);
  return [
    { title: first.slice(0, title.length), fact: first.slice(title.length).trimEnd() },
    ...rest.map((line) => ({ title: '', fact: line })),
  ];
}
