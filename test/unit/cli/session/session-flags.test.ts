import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { toSessionForwards } from '../../../../src/cli/session/session-flags.ts';
import { nameSession, parseSession, verifySessionNamed } from '../../../../src/cli/session/words/tmux.ts';
import { saying } from '../../../spelling.ts';

describe('--tmux', () => {
  it('alone has a name, and leaves the next word alone', () => {
    expect(['--tmux', 'dev'].map(nameSession)).toEqual(['--tmux=main', 'dev']);
    expect(nameSession('--tmux=work')).toBe('--tmux=work');
  });

  it.each(['work', 'a-b_1', '0'])('takes the name %j', (name) => {
    expect(parseSession(name)).toBe(name);
  });

  it.each(['', 'a.b', 'a:1', '-x', '$(id)', "it's", 'a b'])('refuses the name %j', (name) => {
    expect(() => parseSession(name)).toThrow('no name for a session');
  });
});

describe('a word after --tmux', () => {
  it.each<[string[], string[], string[]]>([
    [['dev', '--tmux'], ['job'], ['ws ssh --tmux=job', 'ws ssh --tmux -- job']],
    [
      ['dev', '--tmux'],
      ['job', 'make'],
      ['ws ssh --tmux=job -- make', 'ws ssh --tmux -- job make'],
    ],
    [
      ['dev', '--tmux'],
      ['job', '-d'],
      ['ws ssh --tmux=job -d', 'ws ssh --tmux -- job -d'],
    ],
    [
      ['dev', '--tmux'],
      ['job', '-d', '--', 'make', '-j4'],
      ['ws ssh --tmux=job -d -- make -j4', 'ws ssh --tmux -- job -d -- make -j4'],
    ],
    [['dev', '--tmux'], ['./run.sh'], ['ws ssh --tmux -- ./run.sh']],
  ])('%j %j may be its name or the command', (before, command, lines) => {
    expect(() => verifySessionNamed(before, command)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', suggestions: lines.map((line) => saying(line)) }),
    );
  });

  it('is a command where the name or another flag stands between, and a shell where there is none', () => {
    verifySessionNamed(['dev', '--tmux=job'], ['make']);
    verifySessionNamed(['--tmux', 'dev'], ['make']);
    verifySessionNamed(['dev', '--tmux'], undefined);
  });
});

describe('-L, -R and -D', () => {
  const terminal = { stderr: new PassThrough() };

  it('are nothing when none is given', () => {
    expect(toSessionForwards({ forward: [], remote: undefined, socks: undefined }, terminal)).toBeUndefined();
  });

  it('are read as ws forward reads them', () => {
    const choice = toSessionForwards(
      { forward: ['3000', '8080:db:80'], remote: ['9000:9001', '8080:db.corp:5432'], socks: ['1080', '[::1]:1081'] },
      terminal,
    );
    expect(choice?.mappings).toMatchObject([
      { kind: 'local', local: { port: 3000 }, remote: { port: 3000 } },
      { kind: 'local', local: { port: 8080 }, remote: { host: 'db', port: 80 } },
      { kind: 'socks', local: { port: 1080 } },
      { kind: 'socks', local: { port: 1081, address: '::1' } },
      { kind: 'remote', local: { host: '127.0.0.1', port: 9000 }, remote: { port: 9001 } },
      { kind: 'remote', local: { host: 'db.corp', port: 5432 }, remote: { port: 8080 } },
    ]);
  });

  it('refuse what is none', () => {
    expect(() => toSessionForwards({ forward: ['http'] }, terminal)).toThrow();
    expect(() => toSessionForwards({ socks: ['99999'] }, terminal)).toThrow('not a forward');
  });

  it('tell of a connection that could not be carried on a line of its own', () => {
    const ends = { local: '127.0.0.1:3000', remote: 'localhost:3000', leadsTo: 'workspace' as const };
    const choice = toSessionForwards({ forward: ['3000'] }, terminal);
    choice?.tell({ type: 'noticed', level: 'info', notice: { kind: 'forward-opened', ...ends } });
    expect(terminal.stderr.read()).toBeNull();
    const notice = { kind: 'forward-failed' as const, ...ends, reason: 'refused' };
    choice?.tell({ type: 'noticed', level: 'warning', notice });
    expect(terminal.stderr.read()?.toString()).toBe('\r\nws: 127.0.0.1:3000 to localhost:3000: refused\r\n');
  });
});
