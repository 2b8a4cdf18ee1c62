/** Clients that others have written: each does what people do with it, to the server itself and through `ws proxy`. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { times } from '../figures/figures.ts';
import type { Installed, Target } from './clients.ts';
import { type Deed, keepResult } from './results.ts';
import { CLIENTS } from './table.ts';
import { WAYS, Workplace } from './workplace.ts';

const COMMANDS = times(1000, 20);
/** Of a client that makes a connection for each command. */
const CONNECTIONS = times(200, 20);
const AT_ONCE = times(50, 10);
const FILE_BYTES = times(64, 8) * 1024 * 1024;

/** Another key than any server's. */
const OTHER_HOST_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1'),
  Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'),
]).toString('base64')}`;

let workplace: Workplace;
beforeAll(async () => {
  workplace = new Workplace('clients');
  await workplace.up();
});
afterAll(() => workplace?.[Symbol.dispose]());

describe.each(CLIENTS)('$name', (client) => {
  let installed: Installed | undefined;
  let missing = '';
  beforeAll(async () => {
    installed = await client.install().catch((error: Error) => {
      missing = `could not be installed: ${error.message}`;
      return undefined;
    });
  });

  describe.each(WAYS)('%s', (way) => {
    /** A deed of the page. What is not tried says so, and does not count as right. */
    const does = (deed: Deed, work: (it: Installed, at: Target) => Promise<string | undefined>) =>
      it(deed, async ({ skip }) => {
        const keep = (verdict: 'right' | 'wrong' | 'not tried', figure: string) =>
          keepResult({ client: client.name, version: installed?.version ?? '', way, deed, figure, verdict });
        if (installed === undefined) return leave(missing);
        let isWrong = true;
        try {
          const figure = await work(installed, await workplace.target(way, client));
          isWrong = false;
          if (figure === undefined) return leave(client.lacks);
          keep('right', figure);
        } finally {
          if (isWrong) keep('wrong', 'failed');
        }

        function leave(reason: string): void {
          keep('not tried', reason);
          console.log(`${client.name} ${way}, ${deed}: not tried: ${reason}`);
          skip(reason);
        }
      });

    does('commands', async ({ each }, at) => {
      const count = client.oneEach ? CONNECTIONS : COMMANDS;
      const answers = await each?.(
        at,
        Array.from({ length: count }, (_, n) => `echo $SSH_CLIENT ${n}; exit ${n % 256}`),
      );
      if (answers === undefined) return undefined;
      const right = answers.filter(({ status, stdout }, n) => status === n % 256 && stdout.endsWith(` ${n}\n`));
      expect([answers.length, right.length], JSON.stringify(answers.slice(0, 3))).toEqual([count, count]);
      const connections = new Set(answers.map(({ stdout }) => stdout.split(' ', 2).join(' '))).size;
      if (!client.oneEach) expect(connections).toBe(1);
      return `${count.toLocaleString('en')}${client.oneEach ? ', a connection each' : ''}`;
    });

    does('at once', async ({ together }, at) => {
      const folder = `/tmp/${randomBytes(4).toString('hex')}`;
      // Each waits until all are there, for a minute at most: so all run at one moment.
      const toCommand = (n: number) =>
        `mkdir -p ${folder}; : > ${folder}/${n}; for i in $(seq 300); do [ $(ls ${folder} | wc -l) = ${AT_ONCE} ] && break; sleep 0.2; done; ls ${folder} | wc -l; exit ${n + 1}`;
      const answers = await together?.(
        at,
        Array.from({ length: AT_ONCE }, (_, n) => toCommand(n)),
      );
      if (answers === undefined) return undefined;
      expect(answers.map(({ status, stdout }) => `${status} ${stdout.trim()}`)).toEqual(
        Array.from({ length: AT_ONCE }, (_, n) => `${n + 1} ${AT_ONCE}`),
      );
      return String(AT_ONCE);
    });

    does('files', async ({ copy }, at) => {
      const { local, remote, back, bytes } = makeFile(FILE_BYTES);
      if (copy === undefined) return undefined;
      await copy(at, local, remote, back);
      expect(toHash(readFileSync(back))).toBe(toHash(bytes));
      const sum = await workplace.person.ws(['ssh', 'dev', '--', `sha256sum < ${remote} && rm ${remote}`]);
      expect(sum.stdout.slice(0, 64)).toBe(toHash(bytes));
      return `${FILE_BYTES / 1024 / 1024} MiB there and back`;
    });

    does('terminal', async ({ terminal }, at) => {
      const answer = await terminal?.(at, { columns: 101, rows: 37 }, 'tty; stty size; exit 5');
      if (answer === undefined) return undefined;
      expect(answer.stdout).toMatch(/^\/dev\/pts\/\d+\r\n37 101\r\n$/);
      expect([5, undefined]).toContain(answer.status);
      return answer.status === undefined ? 'yes; the client loses the status' : 'yes';
    });

    does('unknown key', async (it, at) => {
      await expect(touch(it, { ...at, key: workplace.strangersKey })).rejects.toMatchObject({ by: 'login' });
      return 'refused';
    });

    does('other host key', async (it, at) => {
      await expect(touch(it, { ...at, hostKey: OTHER_HOST_KEY })).rejects.toMatchObject({ by: 'host key' });
      return 'refused';
    });
  });
});

/** The least that a client can do. */
async function touch({ each, copy }: Installed, at: Target): Promise<void> {
  if (each !== undefined) return void (await each(at, ['true']));
  const { local, remote, back } = makeFile(1);
  await copy?.(at, local, remote, back);
}

let files = 0;
function makeFile(size: number) {
  files += 1;
  const [local, back] = ['sent', 'back'].map((name) => path.join(workplace.person.home, `${name}-${files}`));
  const bytes = randomBytes(size);
  writeFileSync(local as string, bytes);
  return { local: local as string, back: back as string, remote: `copied-${files}`, bytes };
}

function toHash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
