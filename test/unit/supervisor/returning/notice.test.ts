import { describe, expect, it } from 'vitest';
import { Notice } from '../../../../src/supervisor/returning/notice.ts';
import type { Pane } from '../../../../src/supervisor/returning/tmux/panes.ts';

let panes = 0;
const pane = (session: string, sessionName: string, attachedAtSeconds?: number) =>
  ({ session, sessionName, attachedAtSeconds, pane: `%${panes++}` }) as Pane;

const all = (found: Pane[]) => new Notice(found.map((each) => each.pane)).find(found);

describe('the notice of a login', () => {
  it('names what came back, and how to return', () => {
    expect(all([])).toBe('');
    expect(all([pane('$1', 'main'), pane('$1', 'main'), pane('$2', 'x;\u001b[2J')])).toBe(
      '[ws] Back in tmux: main (2 panes), 1 more. To return: tmux attach -t main\n',
    );
    expect(all([pane('$2', 'a b')])).toBe('[ws] Back in tmux: what ran before. To return: tmux attach\n');
  });

  it('has a line for how to return where both do not fit', () => {
    expect(all(['a', 'job', 'web', 'x'].map((name) => pane(name, name)))).toBe(
      '[ws] Back in tmux: a (1 pane), job (1 pane), web (1 pane), 1 more\n     To return: tmux attach -t a\n',
    );
  });

  it.each([1, 2, 3, 4, 99].flatMap((sessions) => [1, 8, 20, 31].map((length) => [sessions, length] as const)))(
    'fits 80 columns for %i sessions with names of %i letters, and names at least one',
    (sessions, length) => {
      const names = Array.from({ length: sessions }, (_, at) => String(at).padEnd(length, 'x').slice(0, length));
      const found = names.flatMap((name, at) => Array.from({ length: 100 }, () => pane(`$${at}`, name)));
      const lines = all(found).trimEnd().split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(lines.join('\n')).toMatch(/\dx* \(100 panes\)/);
      expect(lines.join('\n')).toMatch(/To return: tmux attach -t 0x*$/);
    },
  );

  it('is over for ever once somebody has attached to one of them', () => {
    const [a, b] = [pane('$1', 'a'), pane('$2', 'b')];
    const notice = new Notice([a.pane, b.pane]);
    expect(notice.find([a, b])).not.toBe('');
    expect(notice.find([{ ...a, attachedAtSeconds: 5 }, b])).toBe('');
    expect(notice.find([b])).toBe('');
  });

  it('is not about what somebody has made since', () => {
    const [a, own] = [pane('$1', 'a'), pane('$2', 'own')];
    const notice = new Notice([a.pane]);
    expect(notice.find([a, own])).toBe('[ws] Back in tmux: a (1 pane). To return: tmux attach -t a\n');
    expect(notice.find([a, { ...own, attachedAtSeconds: 5 }])).not.toBe('');
    expect(notice.find([own])).toBe('');
  });
});
