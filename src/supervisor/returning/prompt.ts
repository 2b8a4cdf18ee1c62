/** Types what was there at a shell's prompt. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { getAgent } from './agents/agents.ts';
import { isThere } from './agents/conversations.ts';
import type { Returned } from './restorer.ts';
import { isTypeable, type SavedPane } from './saved.ts';
import { PROMPT_LIMIT_MS } from './starting.ts';
import { type Tmux, toWord } from './tmux/tmux.ts';

const LOOK_MS = 100;

export interface Typed {
  text: string;
  /** An agent's own words to go on, which are run; anything else waits for Enter. */
  isRun: boolean;
}

/** What stands at a pane's prompt; undefined for a shell. */
export async function findTyped({ agent, command, folder }: SavedPane, home: string): Promise<Typed | undefined> {
  const known = agent === undefined ? undefined : getAgent(agent.name);
  if (agent !== undefined && known !== undefined && known.id.test(agent.conversation)) {
    if (await isThere(home, known.place, agent.conversation, folder))
      return { text: known.toWords(agent.conversation).join(' '), isRun: true };
  }
  return command === undefined || !isTypeable(command) ? undefined : { text: command, isRun: false };
}

/** Waits until a shell reads its prompt, and types. Never rejects: a pane may have gone. */
export async function typeAtPrompt(tmux: Pick<Tmux, 'run'>, { pane }: Returned, { text, isRun }: Typed): Promise<void> {
  try {
    const terminal = (await tmux.run('display-message', '-p', '-t', pane, '#{pane_tty}')).trim();
    if (!(await awaitPrompt(terminal))) return;
    const enter = isRun ? [';', 'send-keys', '-t', pane, 'Enter'] : [];
    await tmux.run('send-keys', '-t', pane, '-l', '--', toWord(text), ...enter);
  } catch {
    // Its user closed it.
  }
}

/** A shell that edits a line takes single keys from its terminal. */
async function awaitPrompt(terminal: string): Promise<boolean> {
  const endMs = performance.now() + PROMPT_LIMIT_MS;
  while (performance.now() < endMs) {
    if (/(^|\s)-icanon(\s|;|$)/.test(await readSettings(terminal))) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

function readSettings(terminal: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('/usr/bin/stty', ['-F', terminal, '-a'], { cwd: '/', timeout: 1000 }, (_error, stdout) => resolve(stdout));
  });
}
