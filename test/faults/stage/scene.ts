/** A workspace and what its loads need: a person, the same random bytes at both ends, and a web server in it. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { finish, makePerson, type Person, PROGRAM, type Run } from '../../e2e/app/running/run-ws.ts';
import { getKubeconfig, makeNamespace } from '../../e2e/cluster-under-test.ts';

const MIB = 2 ** 20;
export const WEB_PORT = 8000;

export interface Scene extends Disposable {
  namespace: string;
  person: Person;
  /** The file `big` of the home there, and its twin here. */
  big: { file: string; bytes: number; hash: string };
  /** A file here whose name nobody else uses. */
  toFreshFile(): string;
  /** A program of this person's. What still runs at the end is killed. */
  start(words: string[], options?: { stdio?: StdioOptions; ownGroup?: boolean }): ChildProcess;
  run(words: string[]): Promise<Run>;
  /** The words that run `ws`, and those of the host's own programs by the names that `ws config-ssh` made. */
  ws(...words: string[]): string[];
  ssh(program: 'ssh' | 'scp', ...words: string[]): string[];
}

export interface SceneOptions {
  prefix: string;
  bytes: number;
  kubeconfig?: string;
  /** More words for `ws up`. */
  words?: string[];
}

export async function openScene({ prefix, bytes, kubeconfig, words = [] }: SceneOptions): Promise<Scene> {
  const place = makeNamespace(prefix);
  const person = makePerson(place.name);
  person.environment['KUBECONFIG'] = kubeconfig ?? getKubeconfig();
  const folder = path.join(person.home, 'files');
  mkdirSync(folder);
  const file = path.join(folder, 'big');
  const children = new Set<ChildProcess>();
  let count = 0;
  const start: Scene['start'] = ([program = '', ...rest], { stdio = 'pipe', ownGroup = false } = {}) => {
    const child = spawn(program, rest, { env: person.environment, stdio, detached: ownGroup });
    children.add(child);
    child.once('close', () => children.delete(child));
    child.stdin?.on('error', () => undefined);
    return child;
  };
  const scene: Scene = {
    namespace: place.name,
    person,
    big: { file, bytes, hash: '' },
    toFreshFile: () => path.join(folder, `file-${++count}`),
    start,
    run: (line) => {
      const child = start(line);
      child.stdin?.end();
      return finish(child);
    },
    ws: (...line) => [process.execPath, PROGRAM, ...line],
    ssh: (program, ...line) => [program, '-F', path.join(person.home, '.ssh', 'config'), ...line],
    [Symbol.dispose]() {
      for (const child of children) child.kill('SIGKILL');
      person[Symbol.dispose]();
      place[Symbol.dispose]();
    },
  };
  try {
    const home = words.includes('--storage-class') ? [] : ['--storage-class', 'none'];
    await must(scene, scene.ws('up', 'dev', '--yes', '--no-shell', ...home, '--key', person.key, ...words));
    await must(scene, scene.ws('config-ssh', '--yes'));
    await writeRandom(file, bytes);
    scene.big.hash = await hashFile(file);
    await must(scene, scene.ssh('scp', '-q', file, 'ws-dev:big'));
    await must(scene, scene.ws('ssh', 'dev', serve()));
    return scene;
  } catch (error) {
    scene[Symbol.dispose]();
    throw error;
  }
}

/** A web server that outlives the session that started it. */
function serve(): string {
  const program = `nohup python3 -m http.server ${WEB_PORT} --bind 127.0.0.1 >/dev/null 2>&1 &`;
  return `${program} for i in $(seq 50); do curl -sfI localhost:${WEB_PORT}/big >/dev/null && exit; sleep 0.2; done; exit 1`;
}

/** Throws when the program fails. */
export async function must(scene: Scene, words: string[]): Promise<string> {
  const { status, stdout, stderr } = await scene.run(words);
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: MIB }), hash);
  return hash.digest('hex');
}

async function writeRandom(file: string, bytes: number): Promise<void> {
  await using handle = await open(file, 'w');
  for (let left = bytes; left > 0; left -= MIB) await handle.write(randomFillSync(Buffer.alloc(Math.min(MIB, left))));
}
