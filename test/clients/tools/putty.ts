/** plink for commands and psftp for files. Commands share a connection as PuTTY does it: a first plink holds it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Installed, Refused, type Target } from '../clients.ts';
import { type Done, run } from '../programs.ts';
import { runOnTerminal } from './run-on-terminal.ts';

/** How long a first connection may take. */
const OPENING_MS = 120_000;

/** How much later than its guests a holder may end. */
const ENDING_MS = 10_000;

export async function installPutty(): Promise<Installed> {
  const { stdout } = await run('plink', ['-V']).catch(() => {
    throw new Error('plink is not installed: apt-get install putty-tools');
  });
  return {
    version: /Release (\S+)/.exec(stdout)?.[1] ?? '',
    each: (at, commands) =>
      overOneConnection(at, async (ask) => {
        const answers: Answer[] = [];
        for (const command of commands) answers.push(await ask(command));
        return answers;
      }),
    together: (at, commands) => overOneConnection(at, (ask) => Promise.all(commands.map(ask))),
    terminal: (at, size, command) =>
      withHome(at, async ({ words, environment }) =>
        runOnTerminal('plink', [...words, '-t', at.host, command], size, environment),
      ),
    copy: (at, local, remote, back) =>
      withHome(at, async ({ home, words, environment }) => {
        const batch = path.join(home, 'batch');
        writeFileSync(batch, `put ${local} ${remote}\nget ${remote} ${back}\n`);
        const done = await run('psftp', [...words, '-b', batch, at.host], environment);
        if (done.status !== 0) throw toError(done);
      }),
  };
}

interface Prepared {
  home: string;
  words: string[];
  environment: Record<string, string>;
}

/** PuTTY takes neither OpenSSH's keys nor its known_hosts, and has settings in the home. */
async function withHome<Result>(at: Target, work: (prepared: Prepared) => Promise<Result>): Promise<Result> {
  const home = mkdtempSync(path.join(tmpdir(), 'ws-putty-'));
  try {
    const key = path.join(home, 'key.ppk');
    const made = await run('puttygen', [at.key, '-O', 'private', '-o', key]);
    if (made.status !== 0) throw new Error(`puttygen: ${made.stderr}`);
    const blob = Buffer.from(at.hostKey.split(' ')[1] ?? '', 'base64');
    const fingerprint = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    const way = at.proxy === undefined ? [] : ['-proxycmd', at.proxy];
    const words = ['-batch', '-noagent', '-i', key, '-hostkey', `SHA256:${fingerprint}`, '-l', at.user];
    // The sockets of shared connections are in a folder of the user's name in /tmp, and have the host's name.
    const environment = { ...at.environment, HOME: home };
    return await work({ home, words: [...words, '-P', String(at.port), ...way], environment });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function overOneConnection<Result>(
  at: Target,
  work: (ask: (command: string) => Promise<Answer>) => Promise<Result>,
): Promise<Result> {
  return withHome(at, async ({ words, environment }) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    const holder = spawn('plink', [...words, '-share', '-N', at.host], { env, stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    holder.stderr.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    const ended = new Promise<never>((_, reject) =>
      holder.once('close', (code) => reject(toError({ status: code ?? -1, stdout: '', stderr: said }))),
    );
    ended.catch(() => undefined);
    try {
      const isThere = async () => (await run('plink', [...words, '-shareexists', at.host], environment)).status === 0;
      const deadline = Date.now() + OPENING_MS;
      while (!(await Promise.race([isThere(), ended]))) {
        if (Date.now() > deadline) throw new Error(`plink holds no connection: ${said}`);
        await sleep(100);
      }
      return await work(async (command) => {
        const done = await run('plink', [...words, '-share', at.host, command], environment);
        if (!/^FATAL ERROR:/m.test(done.stderr)) return done;
        // The holder shares before it has logged in, and says itself why it could not.
        await Promise.race([ended, sleep(ENDING_MS)]);
        throw toError(done);
      });
    } finally {
      holder.kill();
      await ended.catch(() => undefined);
    }
  });
}

function toError({ status, stderr }: Done): Error {
  if (/host key (?:was )?(?:not|did not)|not in manually configured list/i.test(stderr))
    return new Refused('host key', stderr);
  if (/No supported authentication methods available|refused our key/i.test(stderr))
    return new Refused('login', stderr);
  return new Error(`it ended with ${status}: ${stderr}`);
}
