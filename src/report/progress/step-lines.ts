import type { Fact, ProgressState, StepState } from '../../workspace/state/events.ts';
import { cut } from '../columns.ts';
import { wrap } from '../wrap.ts';
import { describeFact, describeNotice, titleOf } from './wording.ts';

type Noticed = ProgressState['notices'][number];

/** What is said of a step that somebody ended. Below it stands what goes on in the cluster. */
export const INTERRUPTED = 'interrupted';

/** A line of a step: what it is called, then what is known of it. */
export interface StepLine {
  title: string;
  fact: string;
}

/**
 * A step in lines of at most `width` columns. What a step waits for, or failed at, is whole, over as many lines as it
 * takes; what a finished one came to is cut. So is what a notice below tells in full.
 */
export function toStepLines({ id, status, fact }: StepState, width: number, notices: readonly Noticed[]): StepLine[] {
  const title = titleOf(id, status === 'done', fact);
  const words =
    status === 'stopped' ? INTERRUPTED : fact === undefined || status === 'waiting' ? '' : describeFact(fact);
  const text = words === '' ? title : `${title}  ${words}`;
  const isCut = status === 'done' || isTold(fact, notices);
  const [first = '', ...rest] = isCut ? [cut(text, width)] : wrap(text, width);
  return [
    { title: first.slice(0, title.length), fact: first.slice(title.length).trimEnd() },
    ...rest.map((line) => ({ title: '', fact: line })),
  ];
}

/** Word for word, or the part of it that matters, as evidence. */
function tells(notice: Noticed['notice'], message: string): boolean {
  if (describeNotice(notice).text.includes(message)) return true;
  return (
    notice.kind === 'trouble' && notice.evidence.some((line) => message.startsWith(line.replace(/^[A-Z]\w+: /, '')))
  );
}

function isTold(fact: Fact | undefined, notices: readonly Noticed[]): boolean {
  const message = fact !== undefined && 'message' in fact ? fact.message : undefined;
  return message !== undefined && notices.some(({ notice }) => tells(notice, message));
}
