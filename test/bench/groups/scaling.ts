import type { ChildProcess } from 'node:child_process';
import type { Group } from '../group.ts';
import { quantile, race } from '../measure.ts';
import { findHolder, readStatus } from '../processes.ts';
import { awaitLine } from '../programs.ts';
import { describe, MS, type Unit } from '../rows.ts';
import { CHART, type Stage } from '../stage.ts';

const SECONDS: Unit = { suffix: ' s', digits: 2 };
const MANY = 'bench-many';

/** How time and memory grow with workspaces, forwards and sessions. */
export const measureScaling: Group = async ({ stage, rounds, slowRounds }) => {
  const text = [
    await measureListing(stage, rounds),
    '',
    await measureForwards(stage, Math.max(slowRounds, 3)),
    '',
    await measureSessions(stage, slowRounds),
  ].join('\n');
  return { rows: [], text };
};

/** The chart's own objects, but without a replica: what is listed is the same, and no pod has to run. */
async function measureListing(stage: Stage, rounds: number): Promise<string> {
  const many = stage.withEnvironment({ WS_NAMESPACE: MANY });
  stage.createNamespace(MANY);
  const lines = [
    '| workspaces (Deployments of the chart with no replica) | `ws ls` | `kubectl get deployments` | ratio |',
    '| --- | --- | --- | --- |',
  ];
  let there = 0;
  try {
    for (const wanted of [1, 10, 100]) {
      const script = [
        'set -e -o pipefail',
        `for index in $(seq ${there} ${wanted - 1}); do`,
        `  helm template ws-many$index ${CHART} -n ${MANY} --set-file 'authorizedKeys[0]=${stage.key}.pub' | sed 's/^  replicas: 1$/  replicas: 0/'; echo ---`,
        `done | kubectl apply -n ${MANY} -f - >/dev/null`,
      ];
      await many.run(['bash', '-c', script.join('\n')]);
      there = wanted;
      const listed = JSON.parse(stage.kubectl('-n', MANY, 'get', 'deploy', '-o', 'json')) as { items: unknown[] };
      if (listed.items.length !== wanted) throw new Error(`${listed.items.length} Deployments instead of ${wanted}`);
      const results = await race(
        [
          { name: '`ws ls`', run: () => many.run(many.ws('ls')) },
          { name: '`kubectl`', run: () => many.run(['kubectl', 'get', 'deployments', '-n', MANY]) },
        ],
        Math.max(rounds, 3),
      );
      const [own = 0, peer = 1] = results.map(({ values }) => quantile(values, 0.5));
      const [ownText, peerText] = results.map((result) => describe(result, 0.5, MS));
      lines.push(`| ${wanted} | ${ownText} | ${peerText} | ${(own / peer).toFixed(2)} |`);
    }
  } finally {
    stage.kubectl('delete', 'namespace', MANY, '--wait=false');
  }
  return lines.join('\n');
}

async function measureForwards(stage: Stage, rounds: number): Promise<string> {
  const lines = [
    '| forwards of one process | `ws forward`: all listen after | its memory | `kubectl port-forward` | its memory |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const count of [1, 10, 100]) {
    const ports = Array.from({ length: count }, (_, index) => 9000 + index);
    const own = stage.ws('forward', ...ports.map((port) => `0:${port}`), '--workspace', 'dev', '--progress', 'plain');
    const peer = ['kubectl', 'port-forward', 'deploy/ws-dev', ...ports.map((port) => `:${port}`)];
    const memory: number[][] = [[], []];
    const open = async (words: string[], line: RegExp, at: number) => {
      const begun = performance.now();
      const child = stage.start(words);
      await awaitLine(child, line, { times: count });
      const seconds = (performance.now() - begun) / 1000;
      memory[at]?.push(readStatus(child.pid, 'VmRSS'));
      await stage.stop(child);
      return seconds;
    };
    const results = await race(
      [
        { name: 'own', run: () => open(own, /127\.0\.0\.1:\d+/, 0) },
        { name: 'peer', run: () => open(peer, /127\.0\.0\.1:\d+ ->/, 1) },
      ],
      rounds,
      0,
    );
    const cells = results.flatMap((result, index) => [
      describe(result, 0.5, SECONDS),
      toMebibytes(memory[index] ?? []),
    ]);
    lines.push(`| ${count} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** As many commands at once, all held open together until the last one runs, by three ways. */
async function measureSessions(stage: Stage, rounds: number): Promise<string> {
  const standing = await stage.portForward('dev');
  const lines = [
    '| sessions at once | over one held connection: all run after | memory of the holder and of each client | each with its own connection | memory of each | OpenSSH over a port-forward | memory of each |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const count of [1, 10, 60]) {
    const memory: number[][] = [[], [], []];
    const held: number[] = [];
    const open = async (words: string[], at: number) => {
      const begun = performance.now();
      const children = Array.from({ length: count }, () => stage.start([...words, 'echo here; cat']));
      try {
        await Promise.all(children.map((child) => awaitLine(child, /here/, { timeoutMs: 240_000 })));
        const seconds = (performance.now() - begun) / 1000;
        memory[at]?.push(...children.map(({ pid }) => readStatus(pid, 'VmRSS')));
        if (at === 0) held.push(readStatus(await findHolder('dev', stage.namespace), 'VmRSS'));
        return seconds;
      } finally {
        await stopAll(stage, children);
      }
    };
    // Whoever comes first finds the holder there.
    await stage.hold('dev');
    const results = await race(
      [
        { name: 'held', run: () => open(stage.ws('ssh', 'dev', '--'), 0) },
        { name: 'own', run: () => open(stage.ws('ssh', '--no-share', 'dev', '--'), 1) },
        { name: 'peer', run: () => open(stage.ssh(standing.port), 2) },
      ],
      Math.max(rounds, 2),
      0,
    );
    const times = results.map((result) => describe(result, 0.5, SECONDS));
    const each = memory.map(toMebibytes);
    lines.push(
      `| ${count} | ${times[0]} | ${toMebibytes(held)} + ${each[0]} | ${times[1]} | ${each[1]} | ${times[2]} | ${each[2]} |`,
    );
  }
  await stage.stop(standing.child);
  return lines.join('\n');
}

function toMebibytes(values: number[]): string {
  return `${quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  ).toFixed(0)} MiB`;
}

async function stopAll(stage: Stage, children: ChildProcess[]): Promise<void> {
  await Promise.all(children.map((child) => stage.stop(child)));
}
