import { Box } from 'ink';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { Suggestion } from '../../workspace/errors/suggestion.ts';
import type { ProgressState, StepState, StepStatus } from '../../workspace/state/events.ts';
import { toHints } from '../hints.ts';
import { Text } from '../text.tsx';
import { wrapLines } from '../wrap.ts';
import { toStepLines } from './step-lines.ts';
import { describeNotice } from './wording.ts';

interface Props {
  state: ProgressState;
  nowMs: number;
  startedAtMs: number;
  color: boolean;
  columns: number;
  /** True for the last frame, in which nothing moves any more. */
  isFinal: boolean;
  spell: Spell;
}

/** A wait shorter than this needs no clock. */
const SHOW_ELAPSED_AFTER_MS = 2000;

const MARKS: Record<StepStatus, { mark: string; color: string | undefined }> = {
  waiting: { mark: '○', color: undefined },
  running: { mark: '●', color: 'cyan' },
  done: { mark: '✓', color: 'green' },
  failed: { mark: '✗', color: 'red' },
  stopped: { mark: '–', color: 'yellow' },
};

/** Steps from top to bottom, what the running one waits for, and what is to be known below. A function of the state. */
export function ProgressView({ state, nowMs, color, columns, isFinal, spell }: Props) {
  // A final frame leaves out steps that never began.
  const steps = isFinal ? state.steps.filter((step) => step.status !== 'waiting') : state.steps;
  return (
    <Box flexDirection="column">
      {steps.map((step) => (
        <Step key={step.id} step={step} notices={state.notices} nowMs={nowMs} color={color} columns={columns} />
      ))}
      {state.notices.map(({ level, notice }, index) => (
        // Notices are only ever appended, so their place is their identity.
        <NoticeLine
          key={`${index}-${notice.kind}`}
          level={level}
          {...describeNotice(notice)}
          spell={spell}
          color={color}
          columns={columns}
        />
      ))}
    </Box>
  );
}

function Step({
  step,
  notices,
  nowMs,
  color,
  columns,
}: Pick<Props, 'nowMs' | 'color' | 'columns'> & { step: StepState; notices: ProgressState['notices'] }) {
  const { mark, color: tone } = MARKS[step.status];
  const elapsed = describeElapsed(step, nowMs);
  const taken = 2 + (elapsed === '' ? 0 : elapsed.length + 2);
  return (
    <Box>
      <Box width={2} flexShrink={0}>
        <Text {...paint(color, tone)}>{mark}</Text>
      </Box>
      <Box flexDirection="column">
        {toStepLines(step, columns - taken, notices).map(({ title, fact }) => (
          <Text key={title + fact} dimColor={step.status === 'waiting'}>
            {title}
            {fact === '' ? '' : <Text dimColor>{fact}</Text>}
          </Text>
        ))}
      </Box>
      {/* Beside the text, not in it: the time shows that nothing hangs. */}
      {elapsed === '' ? null : (
        <Box flexShrink={0}>
          <Text dimColor>{`  ${elapsed}`}</Text>
        </Box>
      )}
    </Box>
  );
}

function NoticeLine({
  level,
  text,
  suggestion,
  spell,
  color,
  columns,
}: {
  level: 'info' | 'warning';
  text: string;
  suggestion?: Suggestion;
  spell: Spell;
  color: boolean;
  columns: number;
}) {
  return (
    <Box>
      <Box width={2} flexShrink={0}>
        <Text {...paint(color, level === 'warning' ? 'yellow' : 'cyan')}>{level === 'warning' ? '!' : '·'}</Text>
      </Box>
      <Box flexDirection="column">
        {/* Ink would begin a line with the space that it broke at. */}
        <Text>{wrapLines(text, columns - 2)}</Text>
        {toHints(suggestion, spell, columns - 2).map((hint) => (
          <Text key={hint} dimColor>
            {hint}
          </Text>
        ))}
      </Box>
    </Box>
  );
}

function describeElapsed(step: StepState, nowMs: number): string {
  // That it was interrupted is the last word.
  if (step.startedAtMs === undefined || step.status === 'stopped') return '';
  const ms = (step.endedAtMs ?? nowMs) - step.startedAtMs;
  if (ms < SHOW_ELAPSED_AFTER_MS) return '';
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** NO_COLOR and friends: the marks carry the meaning alone. */
function paint(color: boolean, tone: string | undefined): { color?: string } {
  return color && tone !== undefined ? { color: tone } : {};
}
