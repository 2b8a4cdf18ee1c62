import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findGreetingFault, Greeting } from '../../../../src/supervisor/connections/greeting.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'greeting-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program in Dropbear's place. */
function greetWith(script: string) {
  const program = path.join(folder, 'dropbear');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { program, arguments: ['-i'], environment: { PATH: '/usr/bin:/bin' } };
}

describe('the greeting of the own server', () => {
  it.each([
    ["printf 'SSH-2.0-x\\r\\n' >&0; exec sleep 60", undefined],
    ["printf '220 mail\\r\\n' >&0; exec sleep 60", 'SSH greeted with something else'],
    ['exit 1', 'SSH closed without greeting'],
    ['exec sleep 60', 'SSH did not greet in time'],
  ])('Q1P4-HEALTH: %s', async (script, fault) => {
    expect(await findGreetingFault(greetWith(script), undefined, 500)).toBe(fault);
  });

  it('tells which process it is while that runs, so that nobody takes it for a program of the user', async () => {
    const seen: (number | undefined)[] = [];
    const greeting: Greeting = new Greeting((begun) =>
      findGreetingFault(
        greetWith("printf 'SSH-2.0-x\\r\\n' >&0; exec sleep 60"),
        (child) => {
          begun(child);
          seen.push(...greeting.pids);
        },
        500,
      ),
    );
    expect(greeting.pids).toEqual([]);
    expect(await greeting.ask()).toBeUndefined();
    expect(seen).toEqual([expect.any(Number)]);
    await expect.poll(() => greeting.pids).toEqual([]);
  });

  it('Q1P4-HEALTH: says why there is none when nothing can be started', async () => {
    const fault = await findGreetingFault({ program: '/nowhere/dropbear', arguments: [], environment: {} });
    expect(fault).toMatch(/^SSH cannot be started: .*ENOENT/);
  });
});

describe('asking for it', () => {
  it('Q1P4-HEALTH: greets now and then while all is well, and each time while it is not', async () => {
    let nowMs = 0;
    let greetings = 0;
    let fault: string | undefined;
    const greeting = new Greeting(
      async () => {
        greetings += 1;
        return fault;
      },
      () => nowMs,
    );
    for (let asked = 0; asked < 3; asked += 1) expect(await greeting.ask()).toBeUndefined();
    expect(greetings).toBe(1);
    nowMs = 10_000;
    fault = 'SSH closed without greeting';
    for (let asked = 0; asked < 3; asked += 1) expect(await greeting.ask()).toBe(fault);
    expect(greetings).toBe(4);
  });

  it('Q1P4-HEALTH: is one greeting for all who ask meanwhile, and each has an answer in time', async () => {
    let greetings = 0;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const greeting = new Greeting(() => {
      greetings += 1;
      return promise;
    });
    const answers = await Promise.all(Array.from({ length: 500 }, () => greeting.ask(20)));
    expect(new Set(answers)).toEqual(new Set(['SSH has not greeted yet']));
    expect(greetings).toBe(1);
    resolve(undefined);
    await sleep(1);
    expect(await greeting.ask(20)).toBeUndefined();
    expect(greetings).toBe(1);
  });

  it('Q1P4-HEALTH: takes what cannot even be tried for a fault', async () => {
    const greeting = new Greeting(() => Promise.reject(new Error('EMFILE')));
    expect(await greeting.ask()).toBe('SSH cannot be started: EMFILE');
  });
});
