import { sayLine } from '../../../report/notes.ts';
import { describeFact, describeNotice, titleOf } from '../../../report/progress/wording.ts';
import type { ProgressEvent } from '../../../workspace/state/events.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';

/** So long a workspace may wake without a further word. */
const PATIENCE_MS = 3000;

/**
 * Says on stderr that the workspace wakes, and what for if it takes long: the program whose bytes wait shows nothing.
 * Without a wake it says nothing at all.
 */
export function openWaitTeller({ stderr }: Pick<CliTerminal, 'stderr'>): (event: ProgressEvent) => void {
  let wokenAtMs: number | undefined;
  let said = '';
  const tell = (text: string) => {
    if (text !== said) sayLine(stderr, `ws: ${text}`);
    said = text;
  };
  return (event) => {
    if (event.type === 'noticed' && event.notice.kind === 'way-closed') tell(describeNotice(event.notice).text);
    if (event.type === 'noticed' && event.notice.kind === 'waking') {
      wokenAtMs = Date.now();
      tell(describeNotice(event.notice).text);
    }
    if (wokenAtMs === undefined || Date.now() - wokenAtMs < PATIENCE_MS) return;
    if (event.type === 'advanced') tell(`${titleOf(event.step, false)}: ${describeFact(event.fact)}`);
    if (event.type === 'noticed' && event.notice.kind === 'trouble') tell(describeNotice(event.notice).text);
  };
}
