/** Dropbear's own client, as routers have it. It runs one command a connection, and copies nothing by itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Answer, type Installed, Refused, type Target } from '../clients.ts';
import { type Done, run } from '../programs.ts';
import { runOnTerminal } from './run-on-terminal.ts';

export async function installDbclient(): Promise<Installed> {
  const { stderr } = await run('dbclient', ['-V']).catch(() => {
    throw new Error('dbclient is not installed: apt-get install dropbear-bin');
  });
  const ask = async (prepared: Prepared, at: Target, command: string): Promise<Answer> => {
    const done = await run('dbclient', [...prepared.words, at.host, command], prepared.environment);
    if (done.status === 1) throwRefusal(done);
    return done;
  };
  return {
    version: /v([\d.]+)/.exec(stderr)?.[1] ?? '',
    each: (at, commands) =>
      withHome(at, async (prepared) => {
        const answers: Answer[] = [];
        for (const command of commands) answers.push(await ask(prepared, at, command));
        return answers;
      }),
    together: (at, commands) =>
      withHome(at, (prepared) => Promise.all(commands.map((command) => ask(prepared, at, command)))),
    terminal: (at, size, command) =>
      withHome(at, async ({ words, environment }) => {
        const { stdout } = await runOnTerminal('dbclient', [...words, '-t', at.host, command], size, environment);
        // On a terminal it often ends with 0 whatever the status was, at OpenSSH's server as well.
        return { status: undefined, stdout };
      }),
  };
}

interface Prepared {
  words: string[];
  environment: Record<string, string>;
}

async function withHome<Result>(at: Target, work: (prepared: Prepared) => Promise<Result>): Promise<Result> {
  const home = mkdtempSync(path.join(tmpdir(), 'ws-dbclient-'));
  try {
    mkdirSync(path.join(home, '.ssh'), { mode: 0o700 });
    writeFileSync(path.join(home, '.ssh/known_hosts'), `${at.host} ${at.hostKey}\n`);
    const key = path.join(home, 'key');
    const made = await run('dropbearconvert', ['openssh', 'dropbear', at.key, key]);
    if (made.status !== 0) throw new Error(`dropbearconvert: ${made.stderr}`);
    const way = at.proxy === undefined ? ['-p', String(at.port)] : ['-J', at.proxy];
    return await work({ words: ['-i', key, '-l', at.user, ...way], environment: { ...at.environment, HOME: home } });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A command may end with 1, too. */
function throwRefusal({ stderr }: Done): void {
  if (/Host key mismatch/i.test(stderr)) throw new Refused('host key', stderr);
  if (/No auth methods could be used|Permission denied/i.test(stderr)) throw new Refused('login', stderr);
}
