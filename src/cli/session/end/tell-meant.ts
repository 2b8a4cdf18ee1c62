import { say } from '../../../report/leaving.ts';
import { leadTo } from '../../../report/notes.ts';
import type { Spell } from '../../../workspace/errors/spell.ts';
import type { World } from '../../../workspace/world.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import type { SshRequest } from '../requests.ts';
import { findMeantWorkspace } from '../words/meant-as-workspace.ts';

/** Nobody waits longer for a hint. */
const LIMIT_MS = 3000;

/** After a command that was not found: says so if its first word is the name of a workspace. Never throws. */
export async function tellMeantWorkspace(
  { behind }: Pick<SshRequest, 'behind'>,
  { stderr }: Pick<CliTerminal, 'stderr'>,
  { spell, openWorld }: { spell: Spell; openWorld(): Promise<Pick<World, 'cluster'>> },
  signal: AbortSignal,
): Promise<void> {
  const meant = findMeantWorkspace(behind);
  if (meant === undefined) return;
  try {
    const { cluster } = await openWorld();
    const found = await cluster.findWorkspace(meant.name, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
    if (found?.deployment === undefined) return;
  } catch {
    return;
  }
  const { line } = spell(meant.line);
  const lead = `ws: ${meant.name} was run as a command, because it stands behind --. As the workspace`;
  say(stderr, `${leadTo(lead, line, stderr.columns).join('\n')}\n`);
}
