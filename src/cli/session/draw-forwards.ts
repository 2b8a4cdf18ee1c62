import type { ForwardResult } from '../../operations/forward.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** Shows the traffic of the forwards and what happens to them, while they last. */
export async function drawForwards(
  { forwards, keep }: ForwardResult,
  { stderr: stream }: CliTerminal,
  spell: Spell,
): Promise<void> {
  const { openForwardTable } = await import('../../report/progress/forward-table.tsx');
  const table = openForwardTable({ forwards, stream, nowMs: Date.now, spell });
  try {
    for await (const event of keep()) table.event(event);
  } finally {
    await table.close();
  }
}
