import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toWaking } from '../../../../src/cli/session/wake/to-waking.ts';
import { parseWakeRules } from '../../../../src/cli/ssh-config/wake-rules.ts';
import { mayWake } from '../../../../src/workspace/sleep/waking.ts';

let folder: string;
const mark = () => path.join(folder, 'config', 'at-terminal');

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-wake-'));
  vi.stubEnv('WS_CONFIG_DIR', path.join(folder, 'config'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  // A mark may be written meanwhile.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
});

const terminal = (isTTY: boolean) => ({ stdin: { isTTY: false }, stderr: { isTTY } }) as never;
const may = (isTTY: boolean) => mayWake(toWaking('human', terminal(isTTY)));
/** The mark of an earlier login is written meanwhile. */
const settled = () => vi.waitFor(() => utimesSync(mark(), new Date(), new Date()), 120_000);

describe('who logs in', () => {
  it('is a person at a terminal, also where OpenSSH leaves only stderr of it', () => {
    expect(may(true)).toBe(true);
  });

  it('is nobody without a terminal, and a person within a minute of one', async () => {
    expect(may(false)).toBe(false);
    toWaking('human', terminal(true));
    await settled();
    expect(may(false)).toBe(true);
    for (const offMs of [-61_000, 61_000]) {
      const at = new Date(Date.now() + offMs);
      utimesSync(mark(), at, at);
      expect(may(false), String(offMs)).toBe(false);
    }
  });

  it('does not matter to the other rules, and a thousand reconnects leave no mark', () => {
    for (let count = 0; count < 1000; count += 1) expect(may(false)).toBe(false);
    expect(mayWake(toWaking('always', terminal(false)))).toBe(true);
    expect(mayWake(toWaking('never', terminal(true)))).toBe(false);
  });
});

describe('without a word', () => {
  const save = (text: string) => {
    mkdirSync(path.join(folder, 'config'), { recursive: true });
    writeFileSync(path.join(folder, 'config', 'config.json'), text);
  };

  it.each([
    ['{"wake":"always"}', false, true],
    ['{"wake":"never"}', true, false],
    ['{"wake":"human"}', true, true],
    // Nobody who edits the file is let in by a mistake, and nobody is kept out by one.
    ['{"wake":"alway"}', false, false],
    ['{"wake":1}', true, true],
    ['{}', false, false],
    ['{"wake":', true, true],
  ])('the setting decides: %s', (text, isTTY, wakes) => {
    save(text);
    expect(mayWake(toWaking(undefined, terminal(isTTY)))).toBe(wakes);
  });

  it('a word goes before the setting, which is read only where something sleeps', () => {
    save('{"wake":"always"}');
    expect(mayWake(toWaking('never', terminal(true)))).toBe(false);
    const waking = toWaking(undefined, terminal(false));
    save('{"wake":"never"}');
    expect(waking.rule).toBe('never');
  });
});

describe('the rules of ws config-ssh', () => {
  it('are for all hosts, and for one by its name', () => {
    expect([...parseWakeRules(['never', 'dev=always'])]).toEqual([
      [undefined, 'never'],
      ['dev', 'always'],
    ]);
    expect(parseWakeRules(undefined).size).toBe(0);
  });

  it.each(['alway', 'dev=', 'dev=maybe', ''])('are no %j', (text) => {
    expect(() => parseWakeRules([text])).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});
