import type { ForwardResult } from '../../operations/forward.ts';
import { say } from '../../report/leaving.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import { isEndedByCtrlC } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { TypeAhead } from '../terminal/type-ahead.ts';
import { isShown } from '../wiring/foreground.ts';

/** Shows the traffic of the forwards and what happens to them, while they last. */
export async function drawForwards(
  { forwards, keep }: ForwardResult,
  terminal: CliTerminal,
  spell: Spell,
): Promise<void> {
  const { stderr: stream } = terminal;
  const typeAhead = new TypeAhead(terminal);
  const endHush = await typeAhead.hush();
  const { openForwardTable } = await import('../../report/progress/forward-table.tsx');
  const table = openForwardTable({ forwards, stream, nowMs: Date.now, spell, isShown });
  try {
    for await (const event of keep()) table.event(event);
  } finally {
    await table.close();
    await endHush();
    // If the terminal has shown ^C, the prompt needs a line of its own.
    if (isEndedByCtrlC() && !typeAhead.wasQuiet) say(stream, '\n');
  }
}
