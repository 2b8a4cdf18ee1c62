import { describe, expect, it } from 'vitest';
import { Terminal } from '../e2e/app/running/run-ws.ts';
import type { UnpackedImage } from './unpacked.ts';

/** What terminals call themselves, on laptops and in one another. */
const KNOWN = [
  ...[
    'alacritty',
    'contour',
    'foot',
    'foot-extra',
    'ghostty',
    'iterm2',
    'kitty',
    'konsole-256color',
    'mintty',
    'ms-terminal',
  ],
  ...['nsterm', 'putty-256color', 'rio', 'rxvt-unicode-256color', 'screen', 'screen-256color', 'st-256color', 'tmux'],
  ...['tmux-256color', 'vt100', 'vte-256color', 'wezterm', 'xterm', 'xterm-256color', 'xterm-direct', 'xterm-ghostty'],
  ...['xterm-kitty', 'linux', 'dumb'],
];

/** Names that no description stands for, and what is no name at all. */
const UNKNOWN = [
  ...['xterm-termite', 'xterm-newest-of-all', 'x', '.', '..', '../../../etc/passwd', '/etc/passwd', '-V', '--', 'a b'],
  ...['$(id)', "it's", 'ünï', '*', 'x/xterm', `x${'y'.repeat(5000)}`],
];

/** Languages that dotfiles name: what laptops have, and combinations that only macOS makes. */
const LOCALES = [
  ...[
    'en_US.UTF-8',
    'en_US.utf8',
    'en_GB.UTF-8',
    'en_DE.UTF-8',
    'de_DE.UTF-8',
    'fr_FR.UTF-8',
    'es_ES.UTF-8',
    'pt_BR.UTF-8',
  ],
  ...['it_IT.UTF-8', 'pl_PL.UTF-8', 'ru_RU.UTF-8', 'ja_JP.UTF-8', 'ko_KR.UTF-8', 'zh_CN.UTF-8', 'zh_TW.UTF-8', 'en_IN'],
  ...['hi_IN.UTF-8', 'ar_EG.UTF-8', 'ca_ES.UTF-8@valencia', 'sr_RS.UTF-8@latin', 'C.UTF-8', 'UTF-8', 'POSIX', 'en_US'],
];

const ASK = 'printf "%s|" "$TERM"; tput colors; infocmp >/dev/null && clear >/dev/null && echo described';

export function describeTerminals(image: () => UnpackedImage): void {
  const ask = (term: string, command = ASK, home?: string) =>
    image().ssh(command, { env: { TERM: term }, ...(home === undefined ? {} : { home }) });

  describe('a terminal', () => {
    it.each(KNOWN)('is described: %s', (term) => {
      const { text } = ask(term);
      if (term === 'dumb') expect(text).toBe('dumb|-1');
      else expect(text).toMatch(new RegExp(`^${term}\\|(-1|\\d+)\\s+described$`));
    });

    it.each(UNKNOWN.map((term) => [term]))('is taken for xterm-256color where nothing describes it: %j', (term) => {
      expect(ask(term).text).toMatch(/^xterm-256color\|256\s+described$/);
    });

    it('keeps its name where the home describes it, by any of the ways that ncurses has', () => {
      const source = "printf 'mine|a terminal of mine,\\n\\tuse=xterm,\\n' > mine.ti";
      const home = image().makeHome();
      expect(image().ssh(`${source}; tic mine.ti; mkdir other; tic -o other mine.ti`, { home }).text).toBe('');
      expect(ask('mine', ASK, home).text).toMatch(/^mine\|8\s/);
      const elsewhere = { TERM: 'mine', HOME: '/tmp', TERMINFO_DIRS: '/home/developer/other:' };
      expect(image().ssh('echo $TERM', { home, env: elsewhere }).text).toBe('mine');
    });

    it('is none where there is none', () => {
      // By bash itself.
      expect(image().ssh('echo "<$TERM>"').text).toBe('<dumb>');
    });

    it.each(['bash -lc', 'bash -ic', 'sh -lc', 'env -u SSH_CLIENT bash -ic'])('is known to %s', (shell) => {
      expect(ask('xterm-newest-of-all', `export TERM=xterm-newest-of-all; ${shell} 'echo at $TERM'`).text).toMatch(
        /^at xterm-256color$/m,
      );
    });

    it.each(['xterm-ghostty', 'xterm-kitty', 'foot', 'alacritty', 'wezterm', 'xterm-newest-of-all'])(
      'carries tmux: %s',
      async (term) => {
        const terminal = new Terminal(
          image().sshOnTerminal('exec tmux new-session -A -s main', { env: { TERM: term } }),
        );
        try {
          await terminal.see(/\$ /);
          terminal.type('echo "$TERM:"$((40 + 2)); tmux kill-server\r');
          await terminal.see(/tmux-256color:42/);
          await terminal.exit();
        } finally {
          terminal.kill('SIGKILL');
        }
      },
    );
  });

  describe('tmux', () => {
    it('hands on what a program copies, and Shift-Enter, whatever the home holds', async () => {
      const home = image().makeHome();
      image().ssh('printf "set -g mouse off\\n" > .tmux.conf', { home });
      const terminal = new Terminal(
        image().sshOnTerminal('exec tmux new-session -A -s main', { home, env: { TERM: 'foot' } }),
      );
      try {
        await terminal.see(/\$ /);
        terminal.type("printf '\\033]52;c;aGVsbG8=\\a'; echo copied-$((40 + 2))\r");
        await terminal.see(/copied-42/);
        expect(terminal.raw).toContain('\x1b]52;');
        expect(terminal.raw).toContain('aGVsbG8=');
        terminal.type("printf '\\033[38;2;1;2;3mtrue\\033[m'; echo -colour-$((40 + 2))\r");
        await terminal.see(/colour-42/);
        expect(terminal.raw).toMatch(/\x1b\[38[:;]2[:;]{1,2}1[:;]2[:;]3mtrue/);
        // In a shell it is Enter, also as xterm writes it.
        terminal.type('echo entered-$((40 + 2))\x1b[13;2u');
        await terminal.see(/entered-42/);
        terminal.type('stty -echo; echo into-cat-$((40 + 2)); cat -v\r');
        await terminal.see(/into-cat-42/);
        terminal.type('\x1b[27;2;13~in-cat\r');
        await terminal.see(/\^\[\[13;2uin-cat/);
        terminal.type('\x1b[Zback-tab\r');
        await terminal.see(/\^\[\[Zback-tab/);
        terminal.type("\x04printf '\\033[>4;2m'; echo again-$((40 + 2)); cat -v\r");
        await terminal.see(/again-42/);
        terminal.type('\x1b[27;2;13~asked\r');
        await terminal.see(/\^\[\[13;2uasked/);
      } finally {
        terminal.kill('SIGKILL');
      }
    });
  });

  it('tmux hands on notifications and bells of windows that nobody looks at, and says who looks', async () => {
    // A home that was kept has a configuration of its own.
    const home = image().makeHome();
    // Programs double the escapes inside, as tmux wants it.
    const wrap = (text: string) => `\\033Ptmux;\\033\\033]${text}\\a\\033\\\\`;
    const told = ['9;done', '777;notify;agent;asks', '99;;ready'].map(wrap).join('');
    const script = `cat > tell <<'end'\nsleep 1; printf '${told}\\a'; sleep 60\nend`;
    image().ssh(`printf "set -g status off\\n" > .tmux.conf; ${script}`, { home });
    const terminal = new Terminal(
      image().sshOnTerminal('exec tmux new-session -A -s main', { home, env: { TERM: 'xterm-256color' } }),
    );
    try {
      await terminal.see(/\$ /);
      terminal.type('tmux new-window -d "sh tell"; echo begun-$((40 + 2))\r');
      await terminal.see(/begun-42/);
      await expect.poll(() => terminal.raw).toContain('\x1b]99;;ready\x07');
      expect(terminal.raw).toContain('\x1b]9;done\x07');
      expect(terminal.raw).toContain('\x1b]777;notify;agent;asks\x07');
      await expect.poll(() => terminal.raw.replaceAll(/\x1b\][^\x07]*\x07/g, '')).toContain('\x07');
      terminal.type("stty -echo; printf '\\033[?1004h'; echo asks-$((40 + 2)); cat -v\r");
      await terminal.see(/asks-42/);
      terminal.type('\x1b[O');
      terminal.type('\x1b[Iseen\r');
      await terminal.see(/\^\[\[O[\s\S]*\^\[\[Iseen/);
    } finally {
      terminal.kill('SIGKILL');
    }
  });

  describe('a language', () => {
    it.each(LOCALES)('of dotfiles is there: %s', (name) => {
      const command = `export LC_ALL=${name}; bash -c :; perl -e 1; python3 -c 'import locale; locale.setlocale(locale.LC_ALL, "")'; locale charmap`;
      expect(image().ssh(command).text).toBe(name === 'POSIX' ? 'ANSI_X3.4-1968' : 'UTF-8');
    });
  });
}
