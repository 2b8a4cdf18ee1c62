import type { Writable } from 'node:stream';
import { Box, render } from 'ink';
import type { Spell } from '../../workspace/errors/spell.ts';
import { describeEnds, type Forward } from '../../workspace/forwards/forward.ts';
import { EMPTY_PROGRESS, type ProgressEvent, type ProgressState, reduce } from '../../workspace/state/events.ts';
import type { ForwardCounters } from '../../workspace/world.ts';
import { toHints } from '../hints.ts';
import { formatBytes } from '../results/units.ts';
import { Text } from '../text.tsx';
import { describeFact, describeNotice, titleOf } from './wording.ts';

export interface ForwardTable {
  /** Shown below the rows: notices, and what we wait for while the connection is away. */
  event(event: ProgressEvent): void;
  close(): Promise<void>;
}

const REFRESH_MS = 500;

/** The newest say enough; the rows are what people look at. */
const SHOWN_NOTICES = 4;

/** The height of a terminal that does not tell. */
const DEFAULT_LINES = 24;

/** A live table of traffic on stderr, until it is closed; its last frame stays. */
export function openForwardTable({
  forwards,
  stream,
  nowMs,
  spell,
}: {
  /** Changes while ports come and go. */
  forwards: readonly Forward[];
  stream: Writable & { rows?: number };
  nowMs(): number;
  spell: Spell;
}): ForwardTable {
  let state: ProgressState = EMPTY_PROGRESS;
  // A frame higher than the screen cannot be drawn over.
  const frame = () => (
    <Table forwards={forwards} state={state} limit={(stream.rows || DEFAULT_LINES) - SHOWN_NOTICES - 4} spell={spell} />
  );
  const ink = render(frame(), { stdout: stream as NodeJS.WriteStream, patchConsole: false, exitOnCtrlC: false });
  const ticker = setInterval(() => ink.rerender(frame()), REFRESH_MS);
  ticker.unref();
  return {
    event(event) {
      state = reduce(state, event, nowMs());
      // A row shows that already.
      const told = state.notices.filter(({ notice }) => notice.kind !== 'forward-opened');
      state = { ...state, notices: told.slice(-SHOWN_NOTICES) };
      ink.rerender(frame());
    },
    async close() {
      clearInterval(ticker);
      ink.rerender(frame());
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}

interface Props {
  forwards: readonly Forward[];
  state: ProgressState;
  /** So many rows and hints fit. */
  limit: number;
  spell: Spell;
}

function Table({ forwards, state, limit, spell }: Props) {
  const notices = state.notices.map(({ level, notice }) => {
    const { text, suggestion } = describeNotice(notice);
    return { mark: level === 'warning' ? '! ' : '  ', lines: [text, ...toHints(suggestion, spell)] };
  });
  const hintCount = notices.reduce((count, { lines }) => count + lines.length - 1, 0);
  const rows = forwards.slice(0, Math.max(1, limit - hintCount)).map(toRow);
  const widest = Math.max(0, ...rows.map(({ ends }) => ends.length)) + 2;
  const running = state.steps.find((step) => step.status === 'running' && step.id !== 'forward');
  return (
    <Box flexDirection="column">
      {rows.map(({ ends, traffic }) => (
        <Box key={ends}>
          <Box width={widest} flexShrink={0}>
            <Text>{ends}</Text>
          </Box>
          <Text dimColor wrap="truncate-end">
            {traffic}
          </Text>
        </Box>
      ))}
      {rows.length < forwards.length && <Text dimColor>{`and ${forwards.length - rows.length} more`}</Text>}
      {forwards.length === 0 && <Text dimColor>No port yet: start a server in the workspace</Text>}
      {notices.flatMap(({ mark, lines }, index) =>
        lines.map((line, at) => (
          // Notices are only ever appended, so their place is their identity.
          <Text key={`${index}-${line}`} wrap="truncate-end">
            {at === 0 ? mark : '  '}
            {line}
          </Text>
        )),
      )}
      <Text dimColor wrap="truncate-end">
        {running === undefined
          ? 'Ctrl-C ends it'
          : `${titleOf(running.id, false)}${running.fact === undefined ? '' : `: ${describeFact(running.fact)}`}`}
      </Text>
    </Box>
  );
}

/** We count nothing for a remote forward. */
function toRow({ info, listener }: Forward): { ends: string; traffic: string } {
  const { local, remote } = describeEnds(info);
  return { ends: `${local} → ${remote}`, traffic: listener === undefined ? '' : describe(listener.counters) };
}

/** Short enough for a row of 64 columns. */
function describe({ open, total, bytesUp, bytesDown, failures }: ForwardCounters): string {
  const failed = failures > 0 ? ` ${failures} failed` : '';
  return `${open} of ${total} open ↑ ${formatBytes(bytesUp)} ↓ ${formatBytes(bytesDown)}${failed}`;
}
