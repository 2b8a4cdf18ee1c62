/**
 * What happens between Enter and the prompt of a new workspace, as the kubelet's events and the server's log tell it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './measure.ts';
import type { Stage } from './stage.ts';

/** By then a watch stands. */
const WATCH_MS = 1500;

const MOMENTS = {
  Scheduled: 'the pod has a node',
  Pulled: 'its volumes and its sandbox are there',
  Started: 'its container runs',
  ready: 'its server is ready',
  prompt: 'the prompt',
} as const;

type Moment = keyof typeof MOMENTS;

export interface Way {
  name: string;
  /** Makes the workspace and returns at the prompt. */
  run(workspace: string): Promise<unknown>;
}

/** A table of the milliseconds from Enter to each moment, medians of the rounds. */
export async function measurePasses(stage: Stage, ways: Way[], rounds: number): Promise<string> {
  const found = ways.map((): Map<Moment, number[]> => new Map());
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, way] of ways.entries()) {
      const workspace = `pass${index}${round}`;
      for (const [moment, ms] of await observe(stage, workspace, () => way.run(workspace)))
        found[index]?.set(moment, [...(found[index].get(moment) ?? []), ms]);
      await stage.down(workspace);
      process.stderr.write('.');
    }
  }
  const medians = (moment: Moment) =>
    found.map((times) => {
      const list = times.get(moment)?.sort((a, b) => a - b) ?? [];
      if (list.length === 0) throw new Error(`nobody saw ${moment}`);
      return quantile(list, 0.5);
    });
  const lines = Object.entries(MOMENTS).map(([moment, words]) => {
    const cells = medians(moment as Moment).map((ms) => ms.toFixed(0));
    return `| ${words} | ${cells.join(' | ')} |`;
  });
  const [readyMs = Number.NaN] = medians('ready');
  const [, promptMs = Number.NaN] = medians('prompt');
  return [
    'When it happens, in milliseconds after Enter (medians). An event is seen a few milliseconds late.',
    '',
    `| | ${ways.map(({ name }) => name).join(' | ')} |`,
    `| --- |${' --- |'.repeat(ways.length)}`,
    ...lines,
    '',
    `Until the server is ready, both wait for the same cluster. If the prompt came at that moment, the ratio would be ${(readyMs / promptMs).toFixed(2)}.`,
  ].join('\n');
}

async function observe(stage: Stage, workspace: string, run: () => Promise<unknown>): Promise<Map<Moment, number>> {
  const seen = new Map<Moment, number>();
  const columns = 'custom-columns=:.involvedObject.name,:.reason';
  const watch = stage.start(['kubectl', 'get', 'events', '--watch-only', '--no-headers', '-o', columns]);
  watch.stdout?.on('data', (chunk: Buffer) => {
    for (const [, reason = ''] of chunk.toString().matchAll(new RegExp(`^ws-${workspace}-\\S+\\s+(\\w+)`, 'gm')))
      if (reason in MOMENTS && !seen.has(reason as Moment)) seen.set(reason as Moment, Date.now());
  });
  await sleep(WATCH_MS);
  const begunMs = Date.now();
  await run();
  seen.set('prompt', Date.now());
  await stage.stop(watch);
  const log = stage.kubectl('logs', `deploy/ws-${workspace}`);
  const time = /"time":"([^"]+)"[^\n]*"event":"server.ready"/.exec(log)?.[1];
  if (time !== undefined) seen.set('ready', Date.parse(time));
  return new Map([...seen].map(([moment, atMs]) => [moment, atMs - begunMs]));
}
