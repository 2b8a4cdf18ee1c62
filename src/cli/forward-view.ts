import type { OpenForward } from '../operations/forward.ts';
import type { CliTerminal } from './terminal.ts';

/** The traffic of open forwards, drawn while they last; nothing without a terminal, where the events' lines say enough. */
export function watchForwards(terminal: CliTerminal) {
  let isOpen = false;
  let table: Promise<{ close(): Promise<void> }> | undefined;
  return {
    opened(forwards: OpenForward[]): void {
      isOpen = true;
      if (!terminal.canDraw) return;
      const rows = () =>
        forwards.map(({ local, remote, listener }) => ({ local, remote, counters: listener?.counters }));
      table = import('../report/forward-table.tsx').then(({ openForwardTable }) =>
        openForwardTable({ rows, stream: terminal.stderr }),
      );
    },
    isOpen: () => isOpen,
    async close(): Promise<void> {
      await (await table)?.close();
    },
  };
}
