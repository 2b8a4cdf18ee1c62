import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENTS, findAgent } from '../../../../src/supervisor/returning/agents/agents.ts';
import { isScrollbackName, isTypeable, parseSaved, toSavedText } from '../../../../src/supervisor/returning/saved.ts';
import {
  packScrollback,
  toLastLines,
  toPlain,
  unpackScrollback,
} from '../../../../src/supervisor/returning/scrollback.ts';
import { PANE_FORMAT, parsePanes } from '../../../../src/supervisor/returning/tmux/panes.ts';
import { toLiteral, toWord } from '../../../../src/supervisor/returning/tmux/tmux.ts';

const ID = '0cb916db-26aa-40f2-86b5-1ba81b225fd2';

const WHOLE = [
  {
    name: 'main',
    windows: [
      {
        index: 3,
        name: 'logs',
        layout: 'b25d,80x24,0,0{40x24,0,0,1,39x24,41,0,2}',
        columns: 80,
        rows: 24,
        isActive: true,
        isZoomed: false,
        panes: [
          {
            folder: '/home/dev/a b',
            command: "tail -f 'x y'",
            scrollback: `scrollback-${'a'.repeat(16)}.gz`,
            isActive: true,
          },
          { folder: '/', agent: { name: 'claude', conversation: ID }, isActive: false },
        ],
      },
    ],
  },
];

/** The whole form with anything in any place of it. */
const damaged = fc
  .tuple(fc.nat(30), fc.anything({ withNullPrototype: false, maxDepth: 2 }))
  .map(([place, thing]) => {
    let seen = 0;
    return JSON.stringify({ version: 1, sessions: WHOLE }, (_key, value: unknown) =>
      seen++ === place ? thing : value,
    );
  })
  .filter((text) => text !== undefined);

describe('what is kept', () => {
  it('is read back as it was', () => {
    expect(parseSaved(toSavedText(WHOLE))).toEqual(WHOLE);
  });

  it('is read, whatever it is, into what can do no harm', () => {
    const any = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), damaged);
    fc.assert(
      fc.property(any, (text) => {
        for (const { name, windows } of parseSaved(text)) {
          expect(name).toMatch(/^[^\p{Cc}]{1,200}$/u);
          for (const window of windows) {
            expect(window.layout).toMatch(/^(tiled|[0-9a-f]{4},[0-9x,{}[\]]+)$/);
            expect(window.columns).toBeLessThanOrEqual(1000);
            for (const { folder, command, agent, scrollback } of window.panes) {
              expect(folder).toMatch(/^\//);
              if (command !== undefined) expect(isTypeable(command)).toBe(true);
              if (scrollback !== undefined) expect(isScrollbackName(scrollback)).toBe(true);
              if (agent === undefined) continue;
              const known = AGENTS.find((each) => each.name === agent.name);
              // Its own words run by themselves, so they hold nothing that a shell reads.
              for (const word of known?.toWords(agent.conversation) ?? ['?']) expect(word).toMatch(/^[a-z0-9=-]+$/);
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is cut where it has more panes than anybody', () => {
    const panes = Array.from({ length: 400 }, () => ({ folder: '/', isActive: false }));
    const [session] = parseSaved(JSON.stringify({ version: 1, sessions: [{ name: 'a', windows: [{ panes }] }] }));
    expect(session?.windows[0]?.panes).toHaveLength(100);
  });

  it.each(['', 'a\nb', 'a\rb', 'a\u001b[A', 'a\u0085b', 'a\u2028b', 'a\u202eb', 'a\tb', 'x'.repeat(1001)])(
    'types no %j',
    (text) => {
      expect(isTypeable(text)).toBe(false);
    },
  );
});

describe('what a pane showed', () => {
  it('comes back as it was, with its colours', async () => {
    const text = 'plain\n\u001b[1;38:2:1:2:3mbright\u001b[0m ünï 漢字\tx';
    expect(await unpackScrollback(await packScrollback(`${text}\n\n\n`))).toBe(text);
  });

  it('has nothing else that a terminal obeys', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          '\u001b]52;c;eA==\u0007',
          '\u001bPtmux;\u001b\u001b]0;x\u0007\u001b\\',
          '\u001b[6n',
          '\u001bc',
          '\u009b5n',
          '\u001b[?1049h',
          '\u001b[31m',
        ),
      ),
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const rest = toPlain(parts.join('')).replaceAll(/\u001b\[[0-9;:]*m/g, '');
        expect(rest).not.toMatch(/(?![\t\n])\p{Cc}/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused where it would unpack to gigabytes', async () => {
    const { gzipSync } = await import('node:zlib');
    await expect(unpackScrollback(gzipSync(Buffer.alloc(64 * 2 ** 20)))).rejects.toThrow();
  });

  it('keeps its end, from the beginning of a line', () => {
    const lines = Array.from({ length: 40_000 }, (_, number) => `line ${number} ${'x'.repeat(40)}`);
    const kept = toLastLines(lines.join('\n'));
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(2 ** 20);
    expect(kept).toMatch(/^line \d+ x+\n/);
    expect(kept.endsWith(lines.at(-1) ?? '')).toBe(true);
  });
});

describe("tmux's words", () => {
  it('stand for themselves', () => {
    expect([toLiteral('#(id);'), toWord('a;'), toWord('a\\;'), toWord('a;b')]).toEqual([
      '##(id)\\;',
      'a\\;',
      'a\\\\;',
      'a;b',
    ]);
  });

  const line = [
    '$1',
    '@2',
    '%3',
    '0',
    '80',
    '24',
    '1',
    '1',
    '0',
    '0',
    '77',
    '1700000000',
    '',
    '1',
    'exited-3',
    'b25d,80x24,0,0,3',
    'main',
    'bash',
  ];

  it('are read a line a pane, and a window that two sessions have once', () => {
    expect(PANE_FORMAT.split('\t')).toHaveLength(line.length);
    const second = line.with(0, '$9').join('\t');
    expect(parsePanes(`${line.join('\t')}\n${second}\n`)).toEqual([
      expect.objectContaining({
        session: '$1',
        pid: 77,
        sessionName: 'main',
        isNamed: false,
        attachedAtSeconds: undefined,
        job: { state: 'exited', status: 3 },
      }),
    ]);
  });

  it('that are none are left out', () => {
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.string({ unit: 'binary' }), (place, text) => {
        for (const pane of parsePanes(line.with(place, text).join('\t'))) expect(pane.pid).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(parsePanes('no server running on /tmp/x\n')).toEqual([]);
  });
});

describe('an agent', () => {
  it.each([
    [['claude'], 'claude'],
    [['/home/dev/.local/bin/claude', '--continue'], 'claude'],
    [['node', '--max-old-space-size=4096', '/home/dev/.local/bin/gemini'], 'gemini'],
    [['node', '/home/dev/.local/lib/node_modules/@openai/codex/bin/codex.js', 'resume', ID], 'codex'],
    [['/usr/bin/python3', '/home/dev/.local/bin/aider', '--model', 'x'], 'aider'],
    [['opencode'], 'opencode'],
    [['copilot'], 'copilot'],
  ])('is seen: %j', (words, name) => {
    expect(findAgent(words)?.name).toBe(name);
  });

  it.each([
    [['vim', 'claude']],
    [['claude', '-p', 'do it']],
    [['codex', 'exec', 'do it']],
    [['node', 'server.js', 'codex']],
    [['claude-monitor']],
    [[]],
  ])('is not: %j', (words) => {
    expect(findAgent(words)).toBeUndefined();
  });
});
