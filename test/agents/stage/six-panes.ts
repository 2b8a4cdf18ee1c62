/**
 * A workspace with six panes of tmux, as somebody leaves it at night: a program that prints, a build that waits, two
 * shells, and two agents in conversations that were planted, because nobody here has an account.
 */
import { expect } from 'vitest';
import type { Release } from '../../e2e/operator/release.ts';
import { eventually } from '../../e2e/operator/release.ts';

const CLAUDE = { version: '2.1.332', id: '0cb916db-26aa-40f2-86b5-1ba81b225f11' };
const CODEX = { version: '0.171.0', id: '0cb916db-26aa-40f2-86b5-1ba81b225f22' };

/** What runs in the workspace once its agents have taken their conversations up. */
export const CONVERSATIONS = [`claude --resume ${CLAUDE.id}`, `codex resume ${CODEX.id}`];

/** Ten lines a second on the terminal and in a file, each with its time. It starts no program for a line. */
const TICKER = `#!/bin/bash
rm -f /tmp/tick; mkfifo /tmp/tick; exec 3<>/tmp/tick
while :; do
  line="tick $((++n)) $EPOCHREALTIME"
  echo "$line"; echo "$line" >> ~/ticks
  read -rt 0.1 -u 3
done
`;

/** The real packages. They want a key to begin, and need none to take a conversation up. */
const INSTALL = `
set -e
npm install --silent --global --allow-scripts=@anthropic-ai/claude-code @anthropic-ai/claude-code@${CLAUDE.version} @openai/codex@${CODEX.version} >/dev/null 2>&1
printf 'export ANTHROPIC_API_KEY=sk-planted-000000000 PLANTED_KEY=x DISABLE_AUTOUPDATER=1 CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1\\n' >> .profile
mkdir -p one two .codex/sessions/2026/11/29
project=$HOME/.claude/projects/$(echo "$HOME/one" | sed 's/[^A-Za-z0-9]/-/g'); mkdir -p "$project"
cat > "$project/${CLAUDE.id}.jsonl" <<END
{"parentUuid":null,"isSidechain":false,"userType":"external","cwd":"$HOME/one","sessionId":"${CLAUDE.id}","version":"${CLAUDE.version}","type":"user","message":{"role":"user","content":"a planted question"},"uuid":"11111111-26aa-40f2-86b5-1ba81b225f11","timestamp":"2026-11-29T02:16:01.475Z"}
{"parentUuid":"11111111-26aa-40f2-86b5-1ba81b225f11","isSidechain":false,"userType":"external","cwd":"$HOME/one","sessionId":"${CLAUDE.id}","version":"${CLAUDE.version}","type":"assistant","message":{"id":"msg_1","role":"assistant","type":"message","model":"planted","content":[{"type":"text","text":"a planted answer"}]},"uuid":"22222222-26aa-40f2-86b5-1ba81b225f11","timestamp":"2026-11-29T02:16:05.475Z"}
END
cat > .claude.json <<END
{"hasCompletedOnboarding":true,"theme":"dark","customApiKeyResponses":{"approved":["sk-planted-000000000"],"rejected":[]},"projects":{"$HOME/one":{"hasTrustDialogAccepted":true,"hasCompletedProjectOnboarding":true}}}
END
cat > .codex/sessions/2026/11/29/rollout-2026-11-29T02-15-57-${CODEX.id}.jsonl <<END
{"timestamp":"2026-11-29T02:16:01.475Z","ordinal":0,"type":"session_meta","payload":{"session_id":"${CODEX.id}","id":"${CODEX.id}","timestamp":"2026-11-29T02:15:57.000Z","cwd":"$HOME/two","originator":"codex-tui","cli_version":"${CODEX.version}","source":"cli","model_provider":"planted"}}
{"timestamp":"2026-11-29T02:16:02.475Z","ordinal":1,"type":"event_msg","payload":{"type":"user_message","message":"a planted question","kind":"plain"}}
{"timestamp":"2026-11-29T02:16:02.475Z","ordinal":2,"type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"a planted question"}]}}
END
cat > .codex/config.toml <<END
model_provider = "planted"
model = "gpt-5"
check_for_update_on_startup = false
[model_providers.planted]
name = "planted"
base_url = "http://127.0.0.1:9/v1"
env_key = "PLANTED_KEY"
[projects."$HOME/two"]
trust_level = "trusted"
END
cat > ticker <<'END'
${TICKER}END
chmod +x ticker
`;

const PANES = [
  'tmux new-session -d -s main -x 120 -y 40 -c ~/one',
  'tmux split-window -h -t main -c ~/one && tmux split-window -v -t main -c ~/two',
  'tmux new-window -t main -n logs -c ~ && tmux split-window -t main:logs -c ~/two && tmux new-session -d -s other -c ~',
  `tmux send-keys -t main:0.1 'claude --resume ${CLAUDE.id}' Enter; tmux send-keys -t main:0.2 'codex resume ${CODEX.id}' Enter`,
  "tmux send-keys -t other 'sleep 4321' Enter; tmux send-keys -t main:logs.0 ./ticker Enter",
];

/** Numbers of panes stand in a layout, and are new ones. */
const LAYOUT_ID = /\b[0-9a-f]{4},\S+/g;
const SHAPE =
  "tmux list-panes -a -F '#{session_name} #{window_layout} #{pane_width}x#{pane_height} #{pane_current_path}'";

export async function makeSixPanes(release: Release): Promise<void> {
  expect(release.ssh(INSTALL)).toMatchObject({ status: 0 });
  expect(release.ssh(PANES.join('; '))).toMatchObject({ status: 0 });
  await awaitConversations(release);
}

/** Throws when the agents do not take them up. */
export function awaitConversations(release: Release): Promise<string[]> {
  return eventually(
    () => listConversations(release),
    (found) => found.length === CONVERSATIONS.length,
    60_000,
  );
}

/** One line for each pane: session, size, folder. */
export function readShape(release: Release): string[] {
  const { status, stdout, stderr } = release.ssh(SHAPE);
  expect(status, stderr).toBe(0);
  return stdout.replaceAll(LAYOUT_ID, '').trim().split('\n');
}

/** Those of the planted conversations in which an agent is at work. */
export function listConversations(release: Release): string[] {
  const programs = release.ssh('ps -eo pid=,args=').stdout.split('\n');
  const claude = programs.find((line) => line.endsWith(CONVERSATIONS[0] ?? ''));
  // Claude Code says itself in which conversation it is.
  const said = claude && release.ssh(`cat ~/.claude/sessions/${Number.parseInt(claude, 10)}.json`).stdout;
  return CONVERSATIONS.filter((words, at) =>
    at === 0 ? said?.includes(`"sessionId":"${CLAUDE.id}"`) : programs.some((line) => line.endsWith(words)),
  );
}

/** How many seconds of what the ticker printed the pane does not show any more. */
export function readLostSeconds(release: Release): number {
  const shown = release.ssh('tmux capture-pane -p -S -5000 -t main:logs.0').stdout;
  const [printed = ''] = release.ssh('tail -n 1 ticks').stdout.split('\n');
  return Math.max(0, toTime(printed) - toTime(shown.split('\n').findLast((line) => line.startsWith('tick ')) ?? ''));
}

/** The command stands at the prompt after a return. */
export function goOnTicking(release: Release): void {
  expect(release.ssh('rm -f ticks; tmux send-keys -t main:logs.0 Enter')).toMatchObject({ status: 0 });
}

const toTime = (line: string) => Number(/^tick \d+ ([\d.]+)/.exec(line)?.[1] ?? Number.NaN);
