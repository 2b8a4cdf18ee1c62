import type { ForwardSession } from '../../operations/forward.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** The traffic of open forwards and what happens to them, drawn while they last. */
export async function drawForwards(session: ForwardSession, terminal: CliTerminal): Promise<void> {
  const { openForwardTable } = await import('../../report/progress/forward-table.tsx');
  const rows = () =>
    session.forwards.map(({ local, remote, listener }) => ({ local, remote, counters: listener?.counters }));
  const table = openForwardTable({ rows, stream: terminal.stderr, nowMs: Date.now });
  try {
    for await (const event of session.keep()) table.event(event);
  } finally {
    await table.close();
  }
}
