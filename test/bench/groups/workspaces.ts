import type { Group } from '../group.ts';
import { race } from '../measure.ts';
import { measurePasses } from '../passes.ts';
import { toRow, type Unit } from '../rows.ts';
import { CHART, type Stage, USER } from '../stage.ts';
import { Shell } from './shells.ts';

const SECONDS: Unit = { suffix: ' s', digits: 2 };

/** What one would write by hand: Helm waits, kubectl forwards, ssh-keyscan believes, ssh logs in. */
function toScript(stage: Stage, workspace: string, install: boolean): string {
  const release = `ws-${workspace}`;
  const known = `${stage.folder}/known-${workspace}`;
  return [
    'set -e',
    ...(install
      ? [
          `helm install ${release} ${CHART} --set user.name=${USER} --set-file 'authorizedKeys[0]=${stage.key}.pub' --wait >/dev/null`,
        ]
      : []),
    `exec 3< <(exec kubectl port-forward deploy/${release} :2222 2>/dev/null); pid=$!`,
    'read -r line <&3; port=${line##*127.0.0.1:}; port=${port%% *}',
    ...(install ? [`ssh-keyscan -p $port 127.0.0.1 > ${known} 2>/dev/null`] : []),
    `trap 'kill $pid' EXIT`,
    `ssh -F none -i ${stage.key} -o IdentitiesOnly=yes -o UserKnownHostsFile=${known} -o StrictHostKeyChecking=${install ? 'yes' : 'accept-new'} -p $port -tt ${USER}@127.0.0.1`,
  ].join('\n');
}

async function toPrompt(stage: Stage, words: string[]): Promise<number> {
  const begun = performance.now();
  const shell = new Shell(words, stage.environment);
  try {
    await shell.see(/\$ $/);
    return (performance.now() - begun) / 1000;
  } finally {
    shell.end();
  }
}

/** From Enter to the prompt. */
export const measureWorkspaces: Group = async ({ stage, rounds, slowRounds }) => {
  let count = 0;
  const up = (name: string) =>
    stage.ws(
      'up',
      name,
      '--yes',
      '--storage-class',
      'none',
      '--key',
      stage.key,
      '--user',
      USER,
      '--uid',
      '1000',
      '--local-port',
      '0',
    );
  const byScript = (name: string) => toPrompt(stage, ['bash', '-c', toScript(stage, name, true)]);
  const [made, scripted] = await race(
    [
      {
        name: '`ws up`, a new workspace',
        run: () => toPrompt(stage, up(`own${(count += 1)}`)),
        after: () => stage.down(`own${count}`),
      },
      {
        name: 'a script of helm, kubectl and ssh',
        run: () => byScript(`peer${(count += 1)}`),
        after: () => stage.down(`peer${count}`),
      },
    ],
    Math.max(slowRounds, Math.ceil((rounds * 2) / 3)),
  );
  const ways = [
    { name: '`ws up`', run: (name: string) => toPrompt(stage, up(name)) },
    { name: 'the script', run: byScript },
  ];
  const text = await measurePasses(stage, ways, Math.max(slowRounds, 5));
  const [found, again] = await race(
    [
      {
        name: '`ws up`, an existing workspace',
        run: () => toPrompt(stage, stage.ws('up', 'dev', '--local-port', '0')),
      },
      {
        name: '`kubectl port-forward` and `ssh`',
        run: () => toPrompt(stage, ['bash', '-c', toScript(stage, 'dev', false)]),
      },
    ],
    rounds,
  );
  return {
    text,
    rows: [
      toRow(made, scripted, 0.7, {
        unit: SECONDS,
        note: 'The table has the moments of both. A pod takes half of the time from its node to its container, and no client can speed that up: the kubelet waits 0.3 s before it checks the volumes, then makes the sandbox and the container. Before that, Helm asks the API server twenty things in turn. After that, the server starts and the shell reads its files. All of this is the same for both. The chart’s hook makes the pod ready as soon as its server answers, which saves the script a second. `ws` never waited for that condition. It logs in while the kubelet, the API server and the controllers are still busy with the pod, here on the same two cores.',
      }),
      toRow(found, again, 1, { unit: SECONDS, note: 'See `ws ssh` with no held connection.' }),
    ],
  };
};
