/**
 * A day's work without its pauses. A shell and a forward stay open all the time. Each hour has commands, copies, new
 * logins and a loss of the way to the API server, now and then a long one, as of a laptop that is closed.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePorts } from '../e2e/app/running/free-ports.ts';
import { listHolders } from '../e2e/app/running/holders.ts';
import { getKubeconfig } from '../e2e/cluster-under-test.ts';
import { eventually } from '../e2e/operator/release.ts';
import { startTcpRelay, type TcpRelay } from '../e2e/support/tcp-relay.ts';
import { keepFigure, times } from '../figures/figures.ts';
import { run } from './programs.ts';
import { Workplace } from './workplace.ts';

const HOURS = times(24, 2);
/** Of each hour. */
const COMMANDS = 20;
const COPIED_BYTES = 8 * 1024 * 1024;
const LOST_MS = 2000;
const CLOSED_MS = 30_000;

let workplace: Workplace;
let relay: TcpRelay;
beforeAll(async () => {
  workplace = new Workplace('work');
  relay = await startTcpRelay(getKubeconfig());
  Object.assign(workplace.person.environment, { KUBECONFIG: relay.kubeconfig, WS_SHARE: 'yes' });
  await workplace.up();
  expect((await workplace.person.ws(['config-ssh', '--yes'])).status).toBe(0);
});
afterAll(async () => {
  for (const pid of workplace === undefined ? [] : listHolders(workplace.person)) process.kill(pid);
  workplace?.[Symbol.dispose]();
  await relay?.[Symbol.asyncDispose]();
});

it(`${HOURS} hours: one shell, one forward, and every status right`, async () => {
  const { person } = workplace;
  const config = path.join(person.home, '.ssh/config');
  const begunMs = Date.now();
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ /);
  shell.type('echo shell is $$; python3 -m http.server 8000 > /dev/null 2>&1 &\r');
  await shell.see(/shell is \d+/);
  const local = await findFreePorts(1);
  const forward = spawn('ssh', ['-F', config, '-N', '-L', `${local}:127.0.0.1:8000`, 'ws-dev'], {
    env: person.environment,
    stdio: 'inherit',
  });
  const ask = () => run('curl', ['-sS', '--max-time', '60', `http://127.0.0.1:${local}/`], person.environment);
  try {
    await eventually(ask, ({ status }) => status === 0, 120_000);
    for (let hour = 0; hour < HOURS; hour += 1) {
      const commands = Array.from({ length: COMMANDS }, (_, n) =>
        person.ws(['ssh', 'dev', '--', `sleep 0.$((RANDOM % 10)); echo ${hour}.${n}; exit ${n}`]),
      );
      relay.loseFor(hour % 8 === 7 ? CLOSED_MS : LOST_MS);
      for (const [n, command] of commands.entries())
        expect(await command).toMatchObject({ status: n, stdout: `${hour}.${n}\n` });
      await copy(config, hour);
      const answer = await eventually(ask, ({ status }) => status === 0, 120_000);
      expect(answer.stdout).toContain('Directory listing');
      shell.type(`echo hour-"${hour}" $$\r`);
      await shell.see(new RegExp(`hour-${hour} \\d+`));
      await sleep(100);
    }
    const pids = new Set([...shell.text.matchAll(/(?:shell is|hour-\d+) (\d+)/g)].map(([, pid]) => pid));
    expect(pids.size).toBe(1);
    expect(listHolders(person).length).toBeLessThanOrEqual(1);
    // Its settings, pins, last logins, marks, and what config-ssh has made.
    expect(readdirSync(path.join(person.home, 'config')).length).toBeLessThan(12);
    shell.type('kill %1; exit\r');
    expect(await shell.exit()).toBe(0);
  } finally {
    forward.kill();
    shell.kill('SIGKILL');
  }
  const minutes = (Date.now() - begunMs) / 60_000;
  keepFigure('clients', {
    what: `${HOURS} hours of work without their pauses, the way lost in each`,
    goal: 'one shell, one forward; every status and copy right',
    figure: `${HOURS * COMMANDS} commands and ${HOURS} copies right, in ${minutes.toFixed(1)} minutes`,
    isMet: true,
  });
});

async function copy(config: string, hour: number): Promise<void> {
  const { person } = workplace;
  const bytes = randomBytes(COPIED_BYTES);
  const file = path.join(person.home, 'copied');
  writeFileSync(file, bytes);
  const copied = await run('scp', ['-q', '-F', config, file, `ws-dev:copied-${hour}`], person.environment);
  expect(copied.status, copied.stderr).toBe(0);
  const sum = await person.ws(['ssh', 'dev', '--', `sha256sum < copied-${hour}; rm copied-${hour}`]);
  expect(sum.stdout.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'));
}
