import { readFileSync } from 'node:fs';
import type { Group } from './group.ts';
import { awaitLine } from './measure.ts';
import type { Stage } from './stage.ts';

/** A reader that takes no more than this. */
const SLOW_BYTES_PER_SECOND = 100 * 2 ** 20;

/** What `ws` itself takes of memory: at a slow reader, and with many forwards and sessions. */
export const measureClients: Group = async ({ stage }) => {
  const bytes = 2 ** 30;
  const held = await readSlowly(stage, stage.ws('ssh', '--no-share', 'dev', '--', `head -c ${bytes} /dev/zero`), bytes);
  const lines = [
    `While ${bytes / 2 ** 20} MiB flowed to a slow reader, \`ws ssh\` held at most ${held.toFixed(0)} MiB (goal: 150).`,
    '',
    '| forwards | time until all listen | memory of `ws forward` |',
    '| --- | --- | --- |',
  ];
  for (const count of [1, 10, 100]) {
    const begun = performance.now();
    const child = stage.start(
      stage.ws(
        'forward',
        ...Array.from({ length: count }, (_, index) => `0:${9000 + index}`),
        '--workspace',
        'dev',
        '--progress',
        'plain',
      ),
    );
    await awaitLine(child, new RegExp(`(?:127\\.0\\.0\\.1:\\d+[\\s\\S]*?){${count}}`));
    const ms = performance.now() - begun;
    lines.push(`| ${count} | ${(ms / 1000).toFixed(2)} s | ${readStatus(child.pid, 'VmRSS').toFixed(0)} MiB |`);
    await stage.stop(child);
  }
  lines.push('', '| sessions at once, over one held connection | time until all have ended |', '| --- | --- |');
  for (const count of [1, 10, 60]) {
    await stage.run(stage.ws('ssh', 'dev', '--', 'true'));
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: count }, () => stage.run(stage.ws('ssh', 'dev', '--', 'echo here'), { expected: 'here\n' })),
    );
    lines.push(`| ${count} | ${((performance.now() - begun) / 1000).toFixed(2)} s |`);
  }
  return { rows: [], text: lines.join('\n') };
};

/** The peak memory of a process, in MiB, whose output is read slowly. */
async function readSlowly(stage: Stage, words: string[], bytes: number): Promise<number> {
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
  return peak;
}

/** A line of /proc/PID/status in MiB; 0 when the process has gone. */
function readStatus(pid: number | undefined, name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
