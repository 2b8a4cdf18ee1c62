import type { Writable } from 'node:stream';
import { Box } from 'ink';
import type { Spell } from '../../workspace/errors/spell.ts';
import { describeEnds, type Forward } from '../../workspace/forwards/forward.ts';
import {
  EMPTY_PROGRESS,
  type ProgressEvent,
  type ProgressState,
  reduce,
  type StepState,
} from '../../workspace/state/events.ts';
import type { ForwardCounters } from '../../workspace/world.ts';
import { countColumns, cut } from '../columns.ts';
import { toHints } from '../hints.ts';
import { formatBytes } from '../results/units.ts';
import { toSigns } from '../signs.ts';
import { Text } from '../text.tsx';
import { wrap } from '../wrap.ts';
import { createPlainReporter } from './plain-reporter.ts';
import { toGated } from './screen/gate.ts';
import { Screen } from './screen/screen.ts';
import { describeFact, describeNotice, describeWay, titleOf } from './wording.ts';

export interface ForwardTable {
  /** Shown below the rows: notices, and what we wait for while the connection is away. */
  event(event: ProgressEvent): void;
  close(): Promise<void>;
}

const REFRESH_MS = 500;

/** The newest say enough; the rows are what people look at. */
const SHOWN_NOTICES = 4;

/** The size of a terminal that does not tell. */
const DEFAULT_SIZE = { columns: 80, lines: 24 };

/** The last line, and room for the prompt and a line that the terminal wraps. */
const OTHER_LINES = 4;

/** A live table of traffic on stderr, until it is closed; its last frame stays. Lines while nobody looks at it. */
export function openForwardTable({
  forwards,
  stream,
  nowMs,
  spell,
  isShown = () => true,
}: {
  /** Changes while ports come and go. */
  forwards: readonly Forward[];
  stream: Writable & { rows?: number; columns?: number };
  nowMs(): number;
  spell: Spell;
  isShown?: () => boolean;
}): ForwardTable {
  let state: ProgressState = EMPTY_PROGRESS;
  // A frame higher than the screen cannot be drawn over.
  const frame = () => (
    <Table
      forwards={forwards}
      state={state}
      limit={(stream.rows || DEFAULT_SIZE.lines) - OTHER_LINES}
      columns={stream.columns || DEFAULT_SIZE.columns}
      spell={spell}
    />
  );
  const screen = new Screen(stream, isShown);
  const gate = toGated(stream, false);
  const plain = createPlainReporter({
    ...{ kind: 'plain', stream: gate.stream, columns: stream.columns || DEFAULT_SIZE.columns },
    ...{ color: false, nowMs, spell },
  });
  const draw = () => {
    gate.isOpen = !screen.draw(frame());
  };
  draw();
  const ticker = setInterval(draw, REFRESH_MS);
  ticker.unref();
  return {
    event(event) {
      state = reduce(state, event, nowMs());
      // A row shows that already.
      const told = state.notices.filter(({ notice }) => notice.kind !== 'forward-opened');
      state = { ...state, notices: told.slice(-SHOWN_NOTICES) };
      draw();
      plain.event(event);
    },
    async close() {
      clearInterval(ticker);
      await plain.close();
      await screen.close(frame());
    },
  };
}

interface Props {
  forwards: readonly Forward[];
  state: ProgressState;
  /** How many rows and lines of notices fit. */
  limit: number;
  columns: number;
  spell: Spell;
}

function Table({ forwards, state, limit, columns, spell }: Props) {
  const notices = toNoticeLines(state, { limit: limit - 1, columns, spell });
  const told = Math.max(SHOWN_NOTICES, notices.length);
  const rows = forwards.slice(0, Math.max(1, limit - told)).map(toRow);
  const widest = Math.max(0, ...rows.map(({ ends }) => countColumns(ends))) + 2;
  const running = state.steps.find((step) => step.status === 'running' && step.id !== 'forward');
  return (
    <Box flexDirection="column">
      {rows.map(({ ends, traffic }) => (
        <Box key={ends}>
          <Box width={widest} flexShrink={0}>
            <Text>{ends}</Text>
          </Box>
          <Text dimColor>{cut(traffic, columns - widest)}</Text>
        </Box>
      ))}
      {rows.length < forwards.length && <Text dimColor>{`and ${forwards.length - rows.length} more`}</Text>}
      {forwards.length === 0 && <Text dimColor>No port yet: start a server in the workspace</Text>}
      {notices.map(({ key, line }) => (
        <Text key={key}>{line}</Text>
      ))}
      {wrap(running === undefined ? 'Ctrl-C ends it' : describeStep(running), columns).map((line) => (
        <Text key={line} dimColor>
          {line}
        </Text>
      ))}
    </Box>
  );
}

function describeStep({ id, fact }: StepState): string {
  return `${titleOf(id, false)}${fact === undefined ? '' : `: ${describeFact(fact)}`}`;
}

/** The newest notices that fit, each whole. A command stays on one line, to be copied. */
function toNoticeLines(
  { notices }: ProgressState,
  { limit, columns, spell }: { limit: number; columns: number; spell: Spell },
): { key: string; line: string }[] {
  const blocks = notices.map(({ level, notice }, index) => {
    const { text, suggestion } = describeNotice(notice);
    const lines = [
      ...text.split('\n').flatMap((line) => wrap(line, columns - 2)),
      ...toHints(suggestion, spell, columns - 2),
    ];
    const mark = level === 'warning' ? '! ' : '  ';
    // Notices are only ever appended, so their place is their identity.
    return lines.map((line, at) => ({ key: `${index}-${at}`, line: `${at === 0 ? mark : '  '}${line}` }));
  });
  while (blocks.length > 1 && blocks.flat().length > limit) blocks.shift();
  return blocks.flat();
}

/** We count nothing for a remote forward. */
function toRow({ info, listener }: Forward): { ends: string; traffic: string } {
  // As they are printed: the column is as wide as the widest.
  return {
    ends: toSigns(describeWay(describeEnds(info))),
    traffic: listener === undefined ? '' : describe(listener.counters),
  };
}

/** What failed stands before the bytes, which a narrow terminal cuts. */
function describe({ open, total, bytesUp, bytesDown, failures }: ForwardCounters): string {
  const failed = failures > 0 ? `, ${failures} failed` : '';
  if (total === 0) return `no connection yet${failed}`;
  // Beside a failure, that none is open goes without saying: the bytes need the room.
  const opened = failures > 0 && open === 0 ? '' : `, ${open} open`;
  const connections = `${total} ${total === 1 ? 'connection' : 'connections'}${opened}`;
  return `${connections}${failed}  ↑ ${formatBytes(bytesUp)} ↓ ${formatBytes(bytesDown)}`;
}
