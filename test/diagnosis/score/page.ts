/** docs/diagnosis.md: how often `ws` was right. */
import type { Verdict } from './try-scenario.ts';

/** One of those that are judged as a whole: pairs, slow starts, foreign failures. */
export interface Trial {
  what: string;
  faults: string[];
}

export interface Score {
  verdicts: Verdict[];
  pairs: Trial[];
  healthy: Trial[];
  foreign: Trial[];
  least: Trial[];
}

export function toPage({ verdicts, pairs, healthy, foreign, least }: Score, cluster: string): string {
  const rows = groupBy(verdicts, ({ code }) => code).map(([code, list]) => toRow(`\`${code}\``, list));
  return [
    '# How often the diagnosis is right',
    '',
    '<!-- Written by npm run test:diagnosis -- --long. Change the causes, not this file. -->',
    '',
    wrap(
      `Each cause is made for real on a cluster (${cluster}), each time with other names and numbers, and \`ws\` is run against it. It is named *rightly* if its code is said and no other one, *wrongly* if another one is said, and *not* if none is. Seconds count from the first sign in the cluster; where the cluster shows none, from the start of the command. [troubleshooting.md](troubleshooting.md) describes the causes.`,
    ),
    '',
    '| cause | made | rightly | wrongly | not | seconds, p95 |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    toRow('**all**', verdicts),
    '',
    ...toTrial('Two causes at once, both to be named', pairs),
    ...toTrial('Healthy but slow starts, in which nothing may be named', healthy),
    ...toTrial('Failures that the engine was not built for, which it has to call unknown, with evidence', foreign),
    ...toTrial('Met by a user with the least Role, with the same answer or what may not be read', least),
    ...toMended(verdicts),
    '',
    ...toLimits({ verdicts, pairs, healthy, foreign, least }),
    '',
  ].join('\n');
}

function toRow(name: string, list: Verdict[]): string {
  const count = (verdict: Verdict['verdict']) => list.filter((one) => one.verdict === verdict).length;
  const cells = [name, list.length, count('rightly'), count('wrongly'), count('not'), toSeconds(list)];
  return `| ${cells.join(' | ')} |`;
}

export function toSeconds(list: Verdict[]): string {
  const seconds = list.flatMap((one) => (one.seconds === undefined ? [] : [one.seconds])).sort((a, b) => a - b);
  const at = seconds[Math.ceil(seconds.length * 0.95) - 1];
  return at === undefined ? '–' : at.toFixed(1);
}

/** How many of each are wanted before the numbers count. */
const WANTED = { times: 3, pairs: 30, healthy: 50, foreign: 20 };

/** What the numbers above do not show. */
function toLimits({ verdicts, pairs, healthy, foreign }: Score): string[] {
  const groups = groupBy(verdicts, ({ code }) => code);
  const few = groups.filter(([, list]) => list.length < WANTED.times).length;
  const short = [
    ...(few === 0 ? [] : [`${few} of ${groups.length} causes were made fewer than ${WANTED.times} times`]),
    ...(pairs.length < WANTED.pairs ? [`${pairs.length} of ${WANTED.pairs} pairs were tried`] : []),
    ...(healthy.length < WANTED.healthy ? [`${healthy.length} of ${WANTED.healthy} slow starts`] : []),
    ...(foreign.length < WANTED.foreign ? [`${foreign.length} of ${WANTED.foreign} unknown failures`] : []),
  ];
  const tuned =
    'The causes and what is expected of them were adjusted to each other on these same scenarios, so the share is that of known cases and not of new ones.';
  return [
    '## What this does not show',
    '',
    wrap(short.length === 0 ? tuned : `This run is not whole: ${short.join('; ')}. ${tuned}`),
  ];
}

/** Nothing of what was not tried. */
function toTrial(what: string, trials: Trial[]): string[] {
  if (trials.length === 0) return [];
  const right = trials.filter(({ faults }) => faults.length === 0).length;
  return [`${what}: **${right} of ${trials.length}**.`, ''];
}

function toMended(verdicts: Verdict[]): string[] {
  const run = verdicts.filter(({ mended }) => mended !== undefined);
  const worked = run.filter(({ mended }) => mended === true).length;
  const clean = verdicts.filter(({ faults }) => faults.length === 0).length;
  const looks = verdicts.reduce((sum, one) => sum + one.looks, 0);
  return [
    wrap(
      `The first suggestion, run as printed where a command can remove the cause here: worked **${worked} of ${run.length}** times. Suggested commands that only look were run as printed ${looks} times, and had to find what they name. Without any fault, also of the evidence and of \`ws status\`: **${clean} of ${verdicts.length}**.`,
    ),
  ];
}

function groupBy<Item>(items: Item[], key: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function wrap(text: string): string {
  return text.replaceAll(/(.{1,120})(?: |$)/g, '$1\n').trimEnd();
}
