import type { Writable } from 'node:stream';
import { Box, render, Text } from 'ink';
import { formatBytes } from './units.ts';

export interface ForwardRow {
  local: string;
  remote: string;
  /** Undefined for what is not counted here: a port of this machine in the workspace. */
  counters: { open: number; total: number; bytesUp: number; bytesDown: number; failures: number } | undefined;
}

const REFRESH_MS = 500;

/** A live table of traffic on stderr, until it is closed; its last frame stays. */
export function openForwardTable({ rows, stream }: { rows(): ForwardRow[]; stream: Writable }): {
  close(): Promise<void>;
} {
  const frame = () => <ForwardTable rows={rows()} />;
  const ink = render(frame(), { stdout: stream as NodeJS.WriteStream, patchConsole: false, exitOnCtrlC: false });
  const ticker = setInterval(() => ink.rerender(frame()), REFRESH_MS);
  ticker.unref();
  return {
    async close() {
      clearInterval(ticker);
      ink.rerender(frame());
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}

function ForwardTable({ rows }: { rows: ForwardRow[] }) {
  const widest = Math.max(...rows.map((row) => row.local.length + row.remote.length)) + 5;
  return (
    <Box flexDirection="column">
      {rows.map(({ local, remote, counters }) => (
        <Box key={`${local} ${remote}`}>
          <Box width={widest} flexShrink={0}>
            <Text>{`${local} → ${remote}`}</Text>
          </Box>
          <Text dimColor wrap="truncate-end">
            {counters === undefined
              ? ''
              : `${counters.open} open, ${counters.total} in all  ↑ ${formatBytes(counters.bytesUp)}  ↓ ${formatBytes(counters.bytesDown)}${counters.failures > 0 ? `  ${counters.failures} failed` : ''}`}
          </Text>
        </Box>
      ))}
      <Text dimColor>Ctrl-C ends it</Text>
    </Box>
  );
}
