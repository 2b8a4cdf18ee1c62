import { describe, expect, it } from 'vitest';
import type { UnpackedImage } from './unpacked.ts';

/** Functions of a shell in the image, around agents of which each stands for the one of a connection. */
const TOOLS = `
set -u
# connect NAME: what Dropbear makes for a login with agent forwarding. disconnect NAME: what it takes away at its end.
connect() {
  mkdir -p "/tmp/dropbear-$1"
  eval "$(ssh-agent -a "/tmp/dropbear-$1/auth-$1")" >/dev/null
  echo "$SSH_AGENT_PID" > "/tmp/$1.pid"
  ssh-keygen -qt ed25519 -N '' -C "key-of-$1" -f "/tmp/$1.key" && ssh-add -q "/tmp/$1.key"
  unset SSH_AGENT_PID SSH_AUTH_SOCK
}
disconnect() { kill "$(cat "/tmp/$1.pid")"; sleep 0.2; rm -rf "/tmp/dropbear-$1"; }
# as NAME COMMAND: a login shell of that connection.
as() { SSH_AUTH_SOCK="/tmp/dropbear-$1/auth-$1" bash -c "$2"; }
# pane COMMAND: what an old pane prints of it.
pane() {
  rm -f /tmp/said
  tmux send-keys -t main "{ $1; } > /tmp/saying 2>&1; mv /tmp/saying /tmp/said" Enter
  for wait in $(seq 100); do [ -f /tmp/said ] && break; sleep 0.1; done
  cat /tmp/said
}
# attach NAME: comes back to the session on a terminal, and leaves it there. An input that ends would end the session's
# shell as well: script types Ctrl-D then.
attach() {
  sleep 3 | SSH_AUTH_SOCK="/tmp/dropbear-$1/auth-$1" TERM=xterm timeout 2 script -qec 'bash -c "tmux new-session -A -s main"' /dev/null >/dev/null 2>&1
  :
}
`;

export function describeAgents(image: () => UnpackedImage): void {
  const run = (script: string) =>
    image()
      .ssh(`${TOOLS}\n${script}`, { env: { SHLVL: '0' } })
      .text.split('\n');

  describe('the forwarded agent', () => {
    it('reaches old panes of tmux again after the next login', () => {
      const said = run(`
        connect one; as one 'tmux new-session -d -s main'; pane 'ssh-add -l'
        disconnect one; pane 'ssh-add -l'
        connect two; attach two; pane 'ssh-add -l'; tmux kill-server`);
      expect(said).toEqual([
        expect.stringContaining('key-of-one'),
        expect.stringMatching(/^Error connecting to agent/),
        expect.stringContaining('key-of-two'),
      ]);
    });

    it('is that of the login that attached, not of a command that came and went', () => {
      const said = run(`
        connect one; as one 'tmux new-session -d -s main'
        connect two; as two true; disconnect two
        pane 'ssh-add -l'; tmux kill-server`);
      expect(said).toEqual([expect.stringContaining('key-of-one')]);
    });

    it('is its own socket to what does not run in tmux', () => {
      expect(run(`connect one; as one 'echo $SSH_AUTH_SOCK'`)).toEqual(['/tmp/dropbear-one/auth-one']);
    });

    it.each([
      [
        'no agent was forwarded',
        `bash -c 'tmux new-session -d -s main'; pane 'echo "<\${SSH_AUTH_SOCK-unset}>"'`,
        '<unset>',
      ],
      [
        'it is an agent of the workspace',
        `SSH_AUTH_SOCK=/tmp/mine bash -c 'tmux new-session -d -s main'; pane 'echo $SSH_AUTH_SOCK'`,
        '/tmp/mine',
      ],
      [
        'there is no place for a link',
        `connect one; mkdir -p .ssh/agent.sock/x; as one 'tmux new-session -d -s main'; pane 'echo $SSH_AUTH_SOCK'`,
        '/tmp/dropbear-one/auth-one',
      ],
      [
        'the link leads nowhere',
        `mkdir -p .ssh; ln -s /nowhere .ssh/agent.sock; connect one; as one 'tmux new-session -d -s main'; pane 'ssh-add -l | cut -d" " -f3'`,
        'key-of-one',
      ],
    ])('is what it was where %s', (_where, script, expected) => {
      expect(run(`${script}; tmux kill-server; ls -A .ssh 2>/dev/null | grep -v '^agent.sock$'`)).toEqual([expected]);
    });
  });
}
