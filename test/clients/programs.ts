/**
 * Clients that are libraries: each has a small program in programs/ that does what it is told.
 *
 * The program gets HOST, PORT, LOGIN, KEY (a file), HOST_KEY (a line of a public key) and perhaps PROXY in its
 * environment, a deed and its words as arguments, and commands on stdin, one a line.
 *
 * - `each`: runs the commands one after the other over one connection
 * - `together`: opens all at once over one connection
 * - `terminal COLUMNS ROWS`: runs the one command on a terminal of that size
 * - `copy LOCAL REMOTE BACK`: copies a file there, and from there to another place, by SFTP
 *
 * For each command it prints `NUMBER STATUS OUTPUT`, the output in Base64, or `-` for none. It ends with 10 where the
 * server refuses the key, with 11 where the host key is another one, and otherwise with 0 if all was done.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type Answer, type Installed, Refused, type Target } from './clients.ts';

const SOURCES = path.join(import.meta.dirname, 'programs');

/** Installs what a folder of programs/ needs, once for each state of the folder, and returns where it is. */
export async function installPrograms(kind: 'python' | 'go' | 'java' | 'rust'): Promise<string> {
  const { status, stdout, stderr } = await run('bash', [path.join(SOURCES, 'install.sh'), kind], {}, '');
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) ?? `install.sh ended with ${status}`);
  return stdout.trim();
}

export function programClient(version: string, [program = '', ...words]: string[]): Installed {
  const tell = async (at: Target, deed: string[], commands: string[] = []) => {
    const environment = {
      ...at.environment,
      ...{ HOST: at.host, PORT: String(at.port), LOGIN: at.user, KEY: at.key, HOST_KEY: at.hostKey },
      ...(at.proxy === undefined ? {} : { PROXY: at.proxy }),
    };
    const done = await run(program, [...words, ...deed], environment, `${commands.join('\n')}\n`);
    if (done.status === 10) throw new Refused('login', done.stderr);
    if (done.status === 11) throw new Refused('host key', done.stderr);
    if (done.status !== 0) throw new Error(`${program} ended with ${done.status}: ${done.stderr.slice(-2000)}`);
    return readAnswers(done.stdout);
  };
  return {
    version,
    each: (at, commands) => tell(at, ['each'], commands),
    together: (at, commands) => tell(at, ['together'], commands),
    async terminal(at, { columns, rows }, command) {
      const [answer] = await tell(at, ['terminal', String(columns), String(rows)], [command]);
      if (answer === undefined) throw new Error('it printed no answer');
      return answer;
    },
    copy: async (at, ...files) => void (await tell(at, ['copy', ...files])),
  };
}

export function readAnswers(text: string): Answer[] {
  return [...text.matchAll(/^(\d+) (-?\d+) (\S+)$/gm)].map(([, number, status, output = '']) => {
    const stdout = output === '-' ? '' : Buffer.from(output, 'base64').toString();
    return { number: Number(number), status: Number(status), stdout };
  });
}

export interface Done {
  status: number;
  stdout: string;
  stderr: string;
}

/** A program to its end. Its environment is what is given and nothing else but PATH. */
export function run(
  program: string,
  words: string[],
  environment: Record<string, string> = {},
  input = '',
): Promise<Done> {
  const { promise, resolve, reject } = Promise.withResolvers<Done>();
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, words, { env: { PATH, HOME, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  const [out, err]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out?.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err?.push(chunk));
  child.once('error', reject);
  child.once('close', (code) =>
    resolve({ status: code ?? -1, stdout: String(Buffer.concat(out ?? [])), stderr: String(Buffer.concat(err ?? [])) }),
  );
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return promise;
}
