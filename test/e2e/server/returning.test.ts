/** tmux's sessions over the end of their pod. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
let release: Release;

beforeAll(async () => {
  stage = new Stage('returning');
  release = stage.release('ws-returning');
  await release.apply({ home: { type: 'claim', storageClass: 'ws-local', size: '1Gi' } });
});
afterAll(() => stage?.[Symbol.dispose]());

const SHAPE =
  "tmux list-panes -a -F '#{session_name} #{window_layout} #{pane_width}x#{pane_height} #{pane_current_path}'";
const LAYOUT_ID = / [0-9a-f]{4},\S+/g;

it('come back from a deleted pod with layout, folders and what they showed, and a login says so in one line', async () => {
  const make = [
    'mkdir -p one two',
    'tmux new-session -d -s main -x 120 -y 40 -c ~/one && tmux split-window -h -t main -c ~/two && tmux split-window -v -t main',
    'tmux new-window -t main -n logs -c ~/two && tmux split-window -t main:logs && tmux new-session -d -s other',
    "tmux send-keys -t main:0.0 'n=0; while :; do n=$((n+1)); echo line $n; echo $n >> ~/count; sleep 0.05; done' Enter",
    "tmux send-keys -t other 'sleep 4321' Enter; sleep 2",
  ];
  expect(release.ssh(make.join('; '))).toMatchObject({ status: 0 });
  const before = release.ssh(SHAPE).stdout;
  expect(before.trim().split('\n')).toHaveLength(6);
  const { pod } = release;
  release.kubectl(['delete', 'pod', pod, '--timeout=40s']);
  release.kubectl(['rollout', 'status', 'deployment/ws-returning', '--timeout=60s']);
  await release.connect();
  const returned = () => release.log().find(({ event }) => event === 'sessions.prompted');
  await eventually(returned, (found) => found !== undefined);
  expect(release.log().find(({ event }) => event === 'sessions.returned')).toMatchObject({ sessions: 2, panes: 6 });
  // Numbers of panes stand in a layout, and are new ones.
  const withoutIds = (text: string) => text.replaceAll(LAYOUT_ID, '');
  expect(withoutIds(release.ssh(SHAPE).stdout)).toBe(withoutIds(before));
  const shown = release.ssh('tmux capture-pane -p -S -5000 -t main:0.0').stdout;
  expect(shown).toContain(`\nline ${release.ssh('tail -n 1 count').stdout.trim()}\n`);
  expect(release.ssh('tmux capture-pane -p -t other').stdout).toMatch(/\$ sleep 4321\s*$/);
  expect(release.ssh('bash -lic true').stdout).toBe(
    '[ws] Back in tmux: main (5 panes), other (1 pane)\n     To return: tmux attach -t main\n',
  );
});
