/** Whatever a user can have left on the home's volume: the next start makes a home of it, or ends with one sentence. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileFolder, listInodes, make, type Thing, type Volume } from './hostile-volume.ts';

const HOMES = Number(process.env['WS_HOSTILE_HOMES'] ?? 200);
/** The same volumes each time, so that a run judges the change and not the day; another number tries others. */
const SEED = Number(process.env['WS_FUZZ_SEED'] ?? 1);
const USER = { uid: 54_321, gid: 54_321 };
const isRoot = process.getuid?.() === 0;

/** Who may own what, where the test is root; else all is its own. */
const toIds = (owner: Thing['owner']): [number, number] | undefined => {
  if (!isRoot) return undefined;
  return owner === 'user' ? [USER.uid, USER.gid] : owner === 'root' ? [0, USER.gid] : [777, 777];
};

const OF_A_VOLUME = [
  ...['alice', 'bob', 'linuxbrew', 'linuxbrew/.linuxbrew', '.linuxbrew', '.linuxbrew/bin/tool', 'lost+found'],
  ...['.ws-home', '.ws-home.new', '.ws-gathering', '.ws-gathering/alice', '.ws-gather', 'alice.set-aside-1'],
];
const OF_A_HOME = ['.bashrc', '.ssh', '.ssh/id', '.ssh/config', '.gnupg', '.gnupg/x', '.linuxbrew', 'project/file'];
const NAMES = [...OF_A_VOLUME, ...OF_A_HOME, ...OF_A_HOME.map((name) => `alice/${name}`)];
const MODES = [0o2775, 0o2775, 0o2777, 0o755, 0o777, 0o1777, 0o700, 0o555, 0];

interface Answer {
  report?: { layout: string; faults: string[]; setAside: string[] };
  fault?: string;
  refusal?: string;
  tookMs: number;
  rssBytes: number;
  isKey?: boolean;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hostile-'));
  chmodSync(folder, 0o755);
  mkdirSync(path.join(folder, 'skeleton'));
  writeFileSync(path.join(folder, 'skeleton/.bashrc'), '# skeleton\n');
  const key = path.join(folder, 'hostkey');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  // The pod reads it from a Secret's volume, which is open to its one user.
  chmodSync(key, 0o644);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the start's part under the workspace's user, as the pod does, and nobody's rights besides. */
async function startAll(mode: 'home' | 'runtime', source: string, homes: string[]): Promise<Answer[]> {
  const program = [
    process.execPath,
    path.join(import.meta.dirname, 'hostile-program.ts'),
    mode,
    path.join(folder, source),
  ];
  const as = ['setpriv', `--reuid=${USER.uid}`, `--regid=${USER.gid}`, '--clear-groups'];
  const [command = '', ...words] = isRoot ? [...as, ...program] : program;
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(homes.map((home) => `${JSON.stringify(home)}\n`).join(''));
  const answers: Answer[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line) as Answer);
  return answers;
}

describe(`a hostile home (WS_FUZZ_SEED=${SEED})`, () => {
  it(`becomes one, or is refused with one sentence (${HOMES} volumes)`, { timeout: 300_000 }, async () => {
    const volumes: Volume[] = fc.sample(hostileFolder(NAMES, MODES), { numRuns: HOMES, seed: SEED });
    const roots = volumes.map((volume, number) => {
      const root = path.join(folder, String(number), 'home');
      make(root, volume, toIds);
      return root;
    });
    const before = isRoot ? roots.map((root) => listInodes(root)) : [];
    const answers = await startAll(
      'home',
      'skeleton',
      roots.map((root) => path.join(root, 'alice')),
    );
    expect(answers).toHaveLength(HOMES);
    for (const [number, answer] of answers.entries()) {
      const what = JSON.stringify({ volume: volumes[number], answer });
      expect(answer.tookMs, what).toBeLessThan(5000);
      expect(answer.rssBytes, what).toBeLessThan(300 * 2 ** 20);
      if (answer.refusal === undefined) expect(answer.fault, what).toBeUndefined();
      else expect(answer.refusal, what).toMatch(/^the home\P{Cc}{20,400}$/u);
      const after = isRoot ? listInodes(roots[number] ?? '') : undefined;
      for (const inode of before[number] ?? []) expect(after?.has(inode), `a file is gone: ${what}`).toBe(true);
    }
    const refused = answers.filter(({ refusal }) => refusal !== undefined);
    // What cannot be written is refused; everything else is made into a home.
    for (const { refusal } of refused) expect(refusal).toMatch(/cannot be (written|moved)|cannot be looked at/);
    expect(refused.length).toBeLessThan(HOMES);
  });

  it('is one that the first start settled: the next one changes nothing more', { timeout: 300_000 }, async () => {
    const volumes = fc.sample(hostileFolder(NAMES, [0o2775]), { numRuns: Math.ceil(HOMES / 4), seed: SEED + 1 });
    const homes = volumes.map((volume, number) => {
      const root = path.join(folder, `again-${number}`, 'home');
      make(root, volume, toIds);
      return path.join(root, 'alice');
    });
    const first = await startAll('home', 'skeleton', homes);
    const second = await startAll('home', 'skeleton', homes);
    for (const [number, { report }] of second.entries()) {
      if (first[number]?.report === undefined) continue;
      const what = JSON.stringify({ volume: volumes[number], first: first[number], report });
      expect(report, what).toMatchObject({
        layout: first[number].report.layout,
        setAside: [],
        gathered: 0,
        filled: false,
      });
    }
  });
});

describe('a home at the root of its volume, of which a folder is closed', () => {
  const ask = async (number: number, owner: Thing['owner']) => {
    const root = path.join(folder, `asking-${number}`, 'home');
    const things: Thing[] = [
      { at: '.bashrc', kind: 'file', mode: 0o644, owner: 'user' },
      { at: 'closed', kind: 'folder', mode: 0o500, owner },
    ];
    make(root, { mode: 0o2777, owner: 'root', things }, toIds);
    const start = () => startAll('home', 'skeleton', [path.join(root, 'alice')]);
    const [first] = await start();
    expect(first?.report).toMatchObject({ layout: 'root', faults: [] });
    writeFileSync(path.join(root, '.ws-gather'), '');
    return { root, answers: [...(await start()), ...(await start())] };
  };

  it('moves that of its user and leaves its mode as it was', async () => {
    const { root, answers } = await ask(1, 'user');
    expect(answers).toHaveLength(2);
    for (const { report } of answers) expect(report).toMatchObject({ layout: 'folder', faults: [] });
    expect(lstatSync(path.join(root, 'alice/closed')).mode & 0o777).toBe(0o500);
  });

  it.runIf(isRoot)("leaves all where it was for another's, and says whose that is", async () => {
    const { root, answers } = await ask(2, 'other');
    expect(answers[0]?.report).toMatchObject({
      layout: 'root',
      faults: [
        `the home stays the root of its volume, though .ws-gather asks for a folder: ${root}/closed cannot be moved, since it belongs to UID 777: change its owner`,
      ],
    });
    expect(readFileSync(path.join(root, '.bashrc'), 'utf8')).toBe('mine');
  });
});

describe.runIf(isRoot)('a volume that nobody can write to', () => {
  it.each(['777', '755'])("is called read-only, and not somebody else's, with mode %s", async (mode) => {
    const root = path.join(folder, `read-only-${mode}`, 'home');
    mkdirSync(root, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', root]);
    try {
      mkdirSync(path.join(root, 'alice'));
      chmodSync(path.join(root, 'alice'), mode);
      execFileSync('mount', ['-o', 'remount,ro', root]);
      const [answer] = await startAll('home', 'skeleton', [path.join(root, 'alice')]);
      expect(answer?.refusal).toBe("the home's volume is read-only, and a home is written to; take another volume");
    } finally {
      execFileSync('umount', [root]);
    }
  });
});

describe('a hostile runtime folder', () => {
  const names = ['hostkey', 'hostkey.new', 'hostkey/inner', 'starts', 'ca-certificates.crt', 'state', 'state/inner'];

  it('takes the host key, or is refused with one sentence', { timeout: 300_000 }, async () => {
    const volumes = fc.sample(hostileFolder(names, [0o2777, 0o777, 0o1777, 0o555]), { numRuns: HOMES, seed: SEED + 2 });
    const folders = volumes.map((volume, number) => {
      const runtime = path.join(folder, `runtime-${number}`);
      make(runtime, volume, toIds);
      return runtime;
    });
    for (const [number, answer] of (await startAll('runtime', 'hostkey', folders)).entries()) {
      const what = JSON.stringify({ volume: volumes[number], answer });
      expect(answer.tookMs, what).toBeLessThan(5000);
      if (answer.refusal === undefined) expect(answer.isKey, what).toBe(true);
      else expect(answer.refusal, what).toMatch(/^\P{Cc}+ cannot be written, and a restart does not help: \P{Cc}+$/u);
    }
  });
});
