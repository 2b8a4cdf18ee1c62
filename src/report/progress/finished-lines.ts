/** The last frame of a checklist as lines, for a run that ended before its first frame. */
import type { Spell } from '../../workspace/errors/spell.ts';
import type { ProgressState, StepStatus } from '../../workspace/state/events.ts';
import { toHints } from '../hints.ts';
import { wrap } from '../wrap.ts';
import { toStepLines } from './step-lines.ts';
import { describeNotice } from './wording.ts';

const SGR = { dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39], cyan: [36, 39] } as const;
type Style = keyof typeof SGR;

const MARKS: Partial<Record<StepStatus, [mark: string, style: Style]>> = {
  running: ['●', 'cyan'],
  done: ['✓', 'green'],
  failed: ['✗', 'red'],
  stopped: ['–', 'yellow'],
};

/** The steps that began, and the notices. Only a word that is longer makes a line longer than `columns`. */
export function toFinishedLines(
  state: ProgressState,
  { columns, color, spell }: { columns: number; color: boolean; spell: Spell },
): string[] {
  const paint = (text: string, style: Style) =>
    color && text !== '' ? `\x1b[${SGR[style][0]}m${text}\x1b[${SGR[style][1]}m` : text;
  const steps = state.steps.flatMap((step) => {
    const [mark, style] = MARKS[step.status] ?? [];
    if (mark === undefined || style === undefined) return [];
    return toStepLines(step, columns - 2, state.notices).map(
      ({ title, fact }, index) => `${index === 0 ? paint(mark, style) : ' '} ${title}${paint(fact, 'dim')}`,
    );
  });
  const notices = state.notices.flatMap(({ level, notice }) => {
    const { text, suggestion } = describeNotice(notice);
    const [first = '', ...rest] = text.split('\n').flatMap((line) => wrap(line, columns - 2));
    const mark = level === 'warning' ? paint('!', 'yellow') : paint('·', 'cyan');
    return [
      `${mark} ${first}`,
      ...[...rest, ...toHints(suggestion, spell, columns - 2).map((hint) => paint(hint, 'dim'))].map(
        (line) => `  ${line}`,
      ),
    ];
  });
  return [...steps, ...notices];
}
