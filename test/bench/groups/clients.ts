import { once } from 'node:events';
import type { Group } from '../group.ts';
import { readStatus } from '../processes.ts';
import { awaitLine } from '../programs.ts';
import { toLimitRow, type Unit } from '../rows.ts';
import type { Stage } from '../stage.ts';

const MIB: Unit = { suffix: ' MiB', digits: 0 };
const LIMIT_MIB = 150;
/** Well below what the way carries, so that every buffer on it fills. */
const SLOW_BYTES_PER_SECOND = 24 * 2 ** 20;
const NOTE = 'Node itself takes about 70 MiB. The rest is buffers that the garbage collector has not freed yet.';

/** The peak memory of `ws` while a large stream meets a slow reader, in both directions. */
export const measureClients: Group = async ({ stage }) => {
  const bytes = 2 ** 30;
  const size = `${bytes / 2 ** 20} MiB`;
  const give = `head -c ${bytes} /dev/zero`;
  const own = await readSlowly(stage, stage.ws('ssh', '--no-share', 'dev', '--', give), bytes);
  const holder = await stage.hold('dev');
  const shared = await readSlowly(stage, stage.ws('ssh', 'dev', '--', give), bytes, holder);
  const up = await writeToSlowReader(stage, bytes);
  const rows = [
    toLimitRow({ name: `\`ws ssh\`, ${size} to a slow reader, peak memory`, values: [own.peak] }, LIMIT_MIB, MIB, NOTE),
    toLimitRow({ name: 'the same over a held connection', values: [shared.peak] }, LIMIT_MIB, MIB, NOTE),
    toLimitRow({ name: 'the holder meanwhile', values: [shared.other] }, LIMIT_MIB, MIB, NOTE),
    toLimitRow({ name: `\`ws ssh\`, ${size} to a slow program in the workspace`, values: [up] }, LIMIT_MIB, MIB, NOTE),
  ];
  return { rows, text: `The slow reader takes ${SLOW_BYTES_PER_SECOND / 2 ** 20} MiB a second.` };
};

/** The peak memory of a process whose output is read slowly, and of another meanwhile, in MiB. */
async function readSlowly(stage: Stage, words: string[], bytes: number, other?: number) {
  const child = stage.start(words);
  let received = 0;
  let peak = 0;
  const begun = performance.now();
  for await (const chunk of child.stdout ?? []) {
    received += (chunk as Buffer).length;
    peak = Math.max(peak, readStatus(child.pid, 'VmHWM'));
    const aheadMs = (received / SLOW_BYTES_PER_SECOND) * 1000 - (performance.now() - begun);
    if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs + 20));
  }
  if (received !== bytes) throw new Error(`${received} bytes came instead of ${bytes}`);
  process.stderr.write('.');
  const otherPeak = readStatus(other, 'VmHWM');
  if (other !== undefined && otherPeak === 0) throw new Error(`process ${other} ended meanwhile`);
  return { peak, other: otherPeak };
}

/** The peak memory of `ws ssh`, in MiB, whose input is read slowly in the workspace. */
async function writeToSlowReader(stage: Stage, bytes: number): Promise<number> {
  const program = `let left = ${bytes}; const begun = Date.now(); process.stdin.on('data', (chunk) => { left -= chunk.length;
    const ahead = (${bytes} - left) / ${SLOW_BYTES_PER_SECOND} * 1000 - (Date.now() - begun);
    if (ahead > 1) { process.stdin.pause(); setTimeout(() => process.stdin.resume(), ahead + 20); }
  }).on('end', () => console.log('left', left));`;
  await stage.put('dev', 'slow.cjs', program);
  const child = stage.start(stage.ws('ssh', '--no-share', 'dev', '--', 'exec node slow.cjs'));
  const said = awaitLine(child, /left (-?\d+)\n/, { timeoutMs: 600_000 });
  const chunk = Buffer.alloc(1 << 18);
  let peak = 0;
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (child.stdin?.write(chunk) === false) await once(child.stdin, 'drain');
    peak = Math.max(peak, readStatus(child.pid, 'VmHWM'));
  }
  child.stdin?.end();
  const [, left] = await said;
  if (left !== '0') throw new Error(`${left} bytes of ${bytes} did not arrive`);
  process.stderr.write('.\n');
  return peak;
}
