import { describe, expect, it } from 'vitest';
import type { UnpackedImage } from './unpacked.ts';

const LINE = '[ws] Back in tmux: main (1 pane). To return: tmux attach -t main';

export function describeReturning(image: () => UnpackedImage): void {
  const run = (script: string) => image().ssh(script).text;

  describe('sessions that came back', () => {
    it.each([
      ['a login shell for a person', 'bash -lic true', LINE],
      ['a login shell that runs a script', 'bash -lc true', ''],
      ['a shell in tmux', 'TMUX=/tmp/x,1,0 bash -lic true', ''],
      ['a home that wants silence', 'touch .hushlogin; bash -lic true', ''],
    ])('are named, or not, by %s', (_shell, command, expected) => {
      expect(run(`echo '${LINE}' > /run/ws/returned; { ${command}; } 2>/dev/null`)).toBe(expected);
    });

    it('are not named where there are none', () => {
      expect(run('{ bash -lic true; : > /run/ws/returned; bash -lic true; } 2>/dev/null')).toBe('');
    });

    it('are waited for by tmux while they are being made, and not for ever', () => {
      const start = 'tmux new-session -d -s main; tmux kill-server; echo $((($(date +%s%N) - begun) / 1000000))';
      const made = `echo x > /run/ws/returning; { sleep 1; : > /run/ws/returning; } & begun=$(date +%s%N); ${start}`;
      const tookMs = Number(run(made));
      expect(tookMs).toBeGreaterThan(900);
      expect(tookMs).toBeLessThan(30_000);
      expect(Number(run(`echo x > /run/ws/returning; begun=$(date +%s%N); ${start}`))).toBeGreaterThan(14_900);
    });
  });
}
