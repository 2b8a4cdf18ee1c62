/** Sessions on terminals, each over a way of its own, so that one can be broken and the others stand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { PROGRAM, Terminal } from '../../e2e/app/running/run-ws.ts';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { type Middlebox, startTcpRelay, type TcpRelay } from '../../e2e/support/tcp-relay.ts';
import type { Scene } from './scene.ts';

const ANSWER_LIMIT_MS = 90_000;
const GOODBYE_LIMIT_MS = 10_000;
/** So long after each other they break and come back, as many people's do. */
const STAGGER_MS = 3000;

export interface Session extends AsyncDisposable {
  terminal: Terminal;
  relay: TcpRelay;
  /** What stands between, and may be changed: it is asked for each new connection. */
  middlebox: Middlebox;
  /** All of its programs here, as a closed lid stops them. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Milliseconds until the shell of before answers what is typed now. Throws when it is another shell, or none. */
  answer(): Promise<number>;
}

/** Every second one is the host's own ssh through `ws proxy`. */
export async function openSession(
  scene: Scene,
  n: number,
  middlebox: Middlebox = {},
  kubeconfig = getKubeconfig(),
): Promise<Session> {
  const relay = await startTcpRelay(kubeconfig, middlebox);
  const proxy = `${process.execPath} ${PROGRAM} proxy dev`;
  const [program = '', ...words] =
    n % 2 === 0 ? scene.ws('ssh', '--no-share', 'dev') : scene.ssh('ssh', '-o', `ProxyCommand=${proxy}`, 'ws-dev');
  const pty = spawn(program, words, {
    cols: 80,
    rows: 24,
    env: { ...scene.person.environment, KUBECONFIG: relay.kubeconfig },
    name: 'xterm-256color',
  });
  const terminal = new Terminal(pty);
  const signal: Session['signal'] = (name) => process.kill(-pty.pid, name);
  let asked = 0;
  const session: Session = {
    terminal,
    relay,
    middlebox,
    signal,
    async answer() {
      asked += 1;
      const begunMs = performance.now();
      terminal.type(`echo still "$mark" $((${asked} + 1000))\r`);
      await terminal.see(new RegExp(`still mark-${n} ${asked + 1000}\\b`), ANSWER_LIMIT_MS);
      return performance.now() - begunMs;
    },
    async [Symbol.asyncDispose]() {
      // Whoever is killed without a word is waited for: a hundred of them, and the longest closed lid makes room.
      terminal.kill('SIGHUP');
      await terminal.exit(GOODBYE_LIMIT_MS).catch(() => terminal.kill('SIGKILL'));
      await relay[Symbol.asyncDispose]();
    },
  };
  try {
    await terminal.see(/\$ $/);
    // What only this shell knows.
    terminal.type(`mark=mark-${n}\r`);
    await session.answer();
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

export interface Outcome {
  /** How long until each answered, of those that did. */
  answeredMs: number[];
  lost: string[];
}

/** Some at once, in turn: else the last of them would log in beside all others. */
export async function openSessions(scene: Scene, count: number, toMiddlebox: () => Middlebox = () => ({})) {
  const all: Session[] = [];
  const close = () => Promise.all(all.map((session) => session[Symbol.asyncDispose]()));
  try {
    for (let n = 0; n < count; n += 1) all.push(await openSession(scene, n, toMiddlebox()));
  } catch (error) {
    await close();
    throw error;
  }
  return { all, [Symbol.asyncDispose]: async () => void (await close()) };
}

export interface Trouble {
  lastsMs: number;
  begin(session: Session): void;
  end(session: Session): void;
}

/** Each session has the trouble, and is looked at as soon as it is over. */
export async function endure(sessions: Session[], { lastsMs, begin, end }: Trouble): Promise<Outcome> {
  const outcome: Outcome = { answeredMs: [], lost: [] };
  const one = async (session: Session, n: number) => {
    await sleep(n * STAGGER_MS);
    begin(session);
    await sleep(lastsMs);
    end(session);
    outcome.answeredMs.push(await session.answer());
  };
  await Promise.all(
    sessions.map((session, n) => one(session, n).catch((error: unknown) => outcome.lost.push(String(error)))),
  );
  return outcome;
}
