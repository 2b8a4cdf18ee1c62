import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Field } from '../../../../src/workspace/choices/form.ts';
import { findUsernameFault } from '../../../../src/workspace/names.ts';
import { spellHere } from '../../../spelling.ts';
import { CTRL_C, DOWN, ENTER, ESCAPE, Keyboard, Screen } from '../screen.ts';

// Ink looks at these when it is loaded: in CI it would write nothing but its last frame.
vi.hoisted(() => {
  for (const name of Object.keys(process.env))
    if (/^(CI|CONTINUOUS_INTEGRATION|CI_.*|NO_COLOR)$/.test(name)) delete process.env[name];
  process.env.FORCE_COLOR = '1';
});
const { askChoice, askConfirm, askForm, askSecret } = await import('../../../../src/report/asking/prompts.tsx');
const { createLiveReporter } = await import('../../../../src/report/progress/live-reporter.tsx');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const CLASSES = ['fast', 'slow-replicated', 'none'];
function fields(classes = CLASSES): Field[] {
  const isAsked = () => true;
  return [
    {
      kind: 'text',
      id: 'user',
      label: 'Username',
      value: 'developer',
      cursor: 9,
      origin: 'default',
      findFault: findUsernameFault,
      isAsked,
    },
    {
      kind: 'list',
      id: 'storage',
      label: 'Home',
      index: 0,
      options: classes.map((value) => ({
        value,
        label: value,
        detail: 'csi.example.com · made when first used · can grow',
      })),
      isAsked,
    },
    {
      kind: 'text',
      id: 'size',
      label: 'Home size',
      value: '10Gi',
      cursor: 4,
      origin: 'saved',
      findFault: () => undefined,
      isAsked: (values) => values.storage !== 'none',
    },
  ];
}

function terminal(columns = 80, rows = 24) {
  const screen = new Screen(columns, rows);
  const keyboard = new Keyboard();
  const interrupt = new AbortController();
  return { screen, keyboard, interrupt, streams: { stdin: keyboard, stream: screen, signal: interrupt.signal } };
}

function openForm({
  columns = 80,
  rows = 24,
  color = false,
  classes = CLASSES,
  facts = [] as { label: string; text: string }[],
} = {}) {
  const { screen, keyboard, interrupt, streams } = terminal(columns, rows);
  const answers = askForm(
    {
      title: 'New workspace dev',
      subtitle: 'in namespace team, context kind',
      facts,
      fields: fields(classes),
      toCommands: (values) => [`ws up dev --user ${values.user} --storage-class ${values.storage}`.split(' ')],
      color,
    },
    streams,
  );
  answers.catch(() => undefined);
  const see = async (...keys: string[]) => {
    await keyboard.type('', ...keys);
    await vi.advanceTimersByTimeAsync(100);
    return color ? screen.styled : screen.text;
  };
  return { answers, see, screen, keyboard, interrupt };
}

async function draw(options: Parameters<typeof openForm>[0], ...keys: string[]): Promise<string> {
  const { answers, see, keyboard } = openForm(options);
  const text = await see(...keys);
  await keyboard.type(CTRL_C);
  await expect(answers).rejects.toMatchObject({ code: 'INTERRUPTED' });
  return text;
}

describe('the form', () => {
  it('asks the first question with its default', async () => {
    expect(await draw({})).toMatchInlineSnapshot(`
      "New workspace dev  in namespace team, context kind

      ● Username      developer   default
      ○ Home
      ○ Home size     10Gi

      Enter: next · Esc: back · Ctrl-C: cancel"
    `);
  });

  it('says above the questions, and in the review, what is settled already', async () => {
    const facts = [{ label: 'Home', text: 'takes up ws-dev-home-of-a-long-name, 10Gi, kept' }];
    for (const keys of [[], [ENTER, ENTER, ENTER]])
      expect(await draw({ facts, columns: 50 }, ...keys)).toContain(
        'kind\n\n✓ Home          takes up\n                ws-dev-home-of-a-long-name, 10Gi,\n                kept\n',
      );
  });

  it('says what is wrong with a value while it is typed', async () => {
    expect(await draw({}, '!')).toMatchInlineSnapshot(`
      "New workspace dev  in namespace team, context kind

      ● Username      ! 
                      a username has lower-case letters, digits, _ and -, and starts
                      with a letter or _
      ○ Home
      ○ Home size     10Gi

      Enter: next · Esc: back · Ctrl-C: cancel"
    `);
  });

  it('shows what a list has to choose from, on 60 columns', async () => {
    expect(await draw({ columns: 60 }, ENTER, DOWN)).toMatchInlineSnapshot(`
      "New workspace dev  in namespace team, context kind

      ✓ Username      developer
      ● Home
          fast  csi.example.com · made when first used · can grow
        ❯ slow-replicated  csi.example.com · made when first used…
          none  csi.example.com · made when first used · can grow
      ○ Home size     10Gi

      ↑↓ choose · Enter: next · Esc: back · Ctrl-C: cancel"
    `);
  });

  it('reviews all of it with the command that says the same, on 200 columns', async () => {
    expect(await draw({ columns: 200 }, ENTER, ENTER, ENTER)).toMatchInlineSnapshot(`
      "New workspace dev  in namespace team, context kind

      ✓ Username      developer
      ✓ Home          fast
      ✓ Home size     10Gi

      The same without questions:
        ws up dev --user developer --storage-class fast

      Enter: bring it up · Esc: back · Ctrl-C: cancel"
    `);
  });

  it('marks in colour what is done and what is asked', async () => {
    expect(await draw({ color: true }, ENTER)).toMatchInlineSnapshot(`
      "{bold}New workspace dev{/}{dim}  in namespace team, context kind{/}

      {green}✓{/} Username      developer
      {cyan}●{/} {bold}Home{/}
        {cyan}❯ fast{dim}  csi.example.com · made when first used · can grow{/}{/}
          slow-replicated{dim}  csi.example.com · made when first used · can grow{/}
          none{dim}  csi.example.com · made when first used · can grow{/}
      ○ {dim}Home size{/}     10Gi

      {dim}↑↓ choose · Enter: next · Esc: back · Ctrl-C: cancel{/}"
    `);
  });

  it('scrolls a long list within a low window', async () => {
    const classes = Array.from({ length: 30 }, (_, index) => `class-${index}`);
    const text = await draw({ rows: 18, classes }, ENTER, ...Array.from({ length: 12 }, () => DOWN));
    expect(text).toMatch(/❯ class-12/);
    expect(text).toMatch(/13 of 30/);
    expect(text.split('\n').length).toBeLessThan(18);
  });

  it('gives what was answered, gone from the screen, the terminal as before', async () => {
    const { answers, see, screen, keyboard } = openForm();
    await see('\x15', 'a', 'l', ENTER, DOWN, DOWN, ENTER);
    expect(keyboard.isRaw).toBe(true);
    await keyboard.type(ENTER);
    expect(await answers).toEqual({ user: 'al', storage: 'none' });
    expect(keyboard.isRaw).toBe(false);
    expect(screen.isCursorHidden).toBe(false);
    expect(screen.text).toBe('');
  });

  it('is not brought up by an Enter that was pressed too often before there was anything to see', async () => {
    const { answers, see, keyboard } = openForm();
    await see();
    expect(await see(ENTER.repeat(9))).toContain('Enter: bring it up');
    await keyboard.type(ENTER);
    expect(await answers).toMatchObject({ user: 'developer' });
  });

  it('takes keys that come in one burst one after the other', async () => {
    const { answers, keyboard, see } = openForm();
    await see();
    await keyboard.type('\x15bob\r', ENTER, ENTER, ENTER);
    expect(await answers).toEqual({ user: 'bob', storage: 'fast', size: '10Gi' });
  });

  it('is filled by a paste that the terminal does not tell of, and never moves in a list by its letters', async () => {
    const { answers, see, keyboard } = openForm();
    await see();
    expect(await see('bob\rnone\r')).toMatch(/✓ Username {6}bob\n✓ Home {10}none\n/);
    expect(await see(ESCAPE, 'jjk\r')).toContain('❯ none');
    expect(await see('\x7fjj\r')).toContain('❯ none');
    await keyboard.type(CTRL_C);
    await expect(answers).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('is filled by a paste of lines, and says how Esc leaves it', async () => {
    const { answers, see, keyboard } = openForm();
    await see('\x1b[200~bob\nslow-replicated\n\x1b[201~');
    expect(await see()).toMatch(/✓ Username {6}bob\n✓ Home {10}slow-replicated\n● Home size/);
    expect(await see(ESCAPE, ESCAPE, ESCAPE)).toContain('Esc again: leave, and make nothing');
    await keyboard.type(ESCAPE);
    await expect(answers).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('ends in order when the process is asked to end', async () => {
    const { answers, see, interrupt, screen, keyboard } = openForm();
    await see();
    interrupt.abort();
    await expect(answers).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect([screen.text, screen.isCursorHidden, keyboard.isRaw]).toEqual(['', false, false]);
  });
});

describe('a question', () => {
  const choose = (streams: ReturnType<typeof terminal>['streams']) =>
    askChoice(
      {
        question: 'Take down workspace dev',
        options: [
          { value: 'keep', label: 'Keep the home', hint: 'ws up takes it up again' },
          { value: 'delete', label: 'Delete the home', hint: 'for good' },
        ],
      },
      streams,
    );

  it('with a few answers stands on the first', async () => {
    const { screen, keyboard, streams } = terminal();
    const answer = choose(streams);
    await keyboard.type('');
    expect(screen.text).toMatchInlineSnapshot(`
      "Take down workspace dev
      ❯ Keep the home  ws up takes it up again
        Delete the home  for good
      ↑↓ choose · Enter · Esc: cancel"
    `);
    await keyboard.type(DOWN, DOWN, ENTER);
    expect(await answer).toBe('delete');
  });

  it.each([
    ['y', true],
    ['Y', true],
    ['y\r', true],
    ['n', false],
    ['N', false],
    [ENTER, false],
    [ESCAPE, false],
  ])('of yes or no takes %j as %s', async (key, expected) => {
    const { keyboard, streams } = terminal();
    const answer = askConfirm('Delete it?', streams);
    await keyboard.type('', key);
    expect(await answer).toBe(expected);
  });

  it('with a few answers is left by Esc', async () => {
    const { keyboard, streams } = terminal();
    const answer = choose(streams);
    answer.catch(() => undefined);
    await keyboard.type('', ESCAPE);
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('of yes or no waits on after anything else, a paste included', async () => {
    const { screen, keyboard, streams } = terminal();
    const answer = askConfirm('Delete it?', streams);
    await keyboard.type('', 'x', '\r\r', 'you may', 'yes', 'y\ry\r', 'yy\x7f', DOWN, '\x1b[200~y\r\x1b[201~');
    expect(screen.text).toBe('Delete it? y/N');
    await keyboard.type('y');
    expect(await answer).toBe(true);
  });

  it('with a few answers takes none of a paste, with brackets or without', async () => {
    const { screen, keyboard, streams } = terminal();
    const answer = choose(streams);
    await keyboard.type('', 'rm -rf x\r', 'delete\r', '\x1b[200~x\r\x1b[201~', 'ab\x7f\r');
    expect(screen.text).toContain('❯ Keep the home');
    await keyboard.type(DOWN, ENTER);
    expect(await answer).toBe('delete');
  });

  it('is broken between words, and fits', async () => {
    const { screen, keyboard, streams } = terminal(60);
    const question = 'In workspace dev, 2 sessions are open, the oldest since 10:12 (2h ago)\nTake down workspace dev';
    const hint = 'claim ws-dev-home stays: it is not this workspace’s alone';
    const options = [
      { value: 'keep', label: 'Keep the home (ws-dev-home, 10Gi)', hint: 'ws up takes it up again' },
      { value: 'delete', label: 'Take it down and delete the host key', hint },
    ];
    const choice = askChoice({ question, options }, streams);
    await keyboard.type('');
    expect(screen.text).toMatchInlineSnapshot(`
      "In workspace dev, 2 sessions are open, the oldest since
      10:12 (2h ago)
      Take down workspace dev
      ❯ Keep the home (ws-dev-home, 10Gi)  ws up takes it up again
        Take it down and delete the host key  claim ws-dev-home
        stays: it is not this workspace’s alone
      ↑↓ choose · Enter · Esc: cancel"
    `);
    await keyboard.type(ENTER);
    await choice;
    const yes = askConfirm('Take down workspace dev and delete its home, claim ws-dev-home (12Gi), for good?', streams);
    await keyboard.type('');
    expect(screen.text).toMatchInlineSnapshot(`
      "Take down workspace dev and delete its home, claim
      ws-dev-home (12Gi), for good? y/N"
    `);
    await keyboard.type('n');
    await yes;
    const secret = askSecret(`That was not it. Passphrase of /home/alice/.ssh/${'a'.repeat(20)}`, streams);
    await keyboard.type('');
    expect(screen.text).toMatchInlineSnapshot(`
      "That was not it. Passphrase of
      /home/alice/.ssh/aaaaaaaaaaaaaaaaaaaa:"
    `);
    await keyboard.type(ENTER);
    await secret;
  });

  it('for a secret takes a pasted line', async () => {
    const { keyboard, streams } = terminal();
    const answer = askSecret('Passphrase of key', streams);
    await keyboard.type('', '\x1b[200~hunter2\r\nand more\x1b[201~');
    expect(await answer).toBe('hunter2');
  });

  it('for a secret shows nothing of it', async () => {
    const { screen, keyboard, streams } = terminal();
    const answer = askSecret('Passphrase of key', streams);
    await keyboard.type('', 'h', 'u', 'x', '\x7f', 'nter2');
    expect(screen.text.trim()).toBe('Passphrase of key:');
    await keyboard.type(ENTER);
    expect(await answer).toBe('hunter2');
  });

  it('has the keyboard for as long as it takes, when progress has let go of the screen', async () => {
    const { screen, keyboard, streams } = terminal();
    const options = {
      kind: 'live' as const,
      stream: screen,
      columns: 80,
      color: false,
      nowMs: Date.now,
      spell: spellHere,
    };
    const reporter = createLiveReporter(options);
    reporter.event({ type: 'planned', workspace: 'dev', steps: ['connect'] });
    reporter.event({ type: 'started', step: 'connect' });
    await reporter.suspend();
    const answer = askSecret('Passphrase of key', streams);
    await keyboard.type('', 'hun');
    // Progress moves on twice a second, and hears of things meanwhile.
    await vi.advanceTimersByTimeAsync(1200);
    reporter.event({ type: 'noticed', level: 'info', notice: { kind: 'text', text: 'meanwhile' } });
    expect(screen.text.trim()).toBe('Passphrase of key:');
    await keyboard.type('ter2', ENTER);
    expect(await answer).toBe('hunter2');
    reporter.resume();
    reporter.event({ type: 'finished', step: 'connect' });
    await reporter.close();
    expect(screen.text).toContain('✓ Connected');
    expect(screen.text).toContain('meanwhile');
    expect(screen.text).not.toContain('Passphrase');
  });

  it('for a secret may stay without an answer', async () => {
    const { keyboard, streams } = terminal();
    const answer = askSecret('Passphrase of key', streams);
    await keyboard.type('', 'h', ESCAPE);
    expect(await answer).toBeUndefined();
  });
});

describe('what was typed before a question is drawn', () => {
  const options = ['delete', 'keep'].map((value) => ({ value, label: value, hint: '' }));
  const kinds = [
    ['a choice', (streams: Streams) => askChoice({ question: 'What now?', options }, streams), ENTER, 'delete'],
    ['a confirmation', (streams: Streams) => askConfirm('Delete it?', streams), 'y', false],
    ['a secret', (streams: Streams) => askSecret('Passphrase', streams), ENTER, ''],
  ] as const;

  it.each(kinds)('does not answer %s', async (_kind, ask, typed, answer) => {
    const { keyboard, screen, streams } = terminal();
    keyboard.write(typed);
    let given: unknown = 'nothing';
    const asked = ask(streams).then((value) => {
      given = value;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(given).toBe('nothing');
    expect(screen.text).not.toBe('');
    await keyboard.type(ENTER);
    await asked;
    expect(given).toBe(answer);
    expect(keyboard.isRaw).toBe(false);
  });

  it.each(kinds)('is still a Ctrl-C for %s', async (_kind, ask) => {
    const { keyboard, screen, streams } = terminal();
    keyboard.write(`${ENTER}${CTRL_C}`);
    const asked = ask(streams);
    asked.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(100);
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(screen.text).toBe('');
  });

  it('is not awaited where the command was ended meanwhile', async () => {
    const { interrupt, streams } = terminal();
    const asked = askConfirm('Delete it?', streams);
    asked.catch(() => undefined);
    interrupt.abort();
    await vi.advanceTimersByTimeAsync(100);
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

type Streams = ReturnType<typeof terminal>['streams'];
