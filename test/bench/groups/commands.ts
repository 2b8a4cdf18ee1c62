import type { Group } from '../group.ts';
import { race } from '../measure.ts';
import { toRow } from '../rows.ts';

/** One short command, from nothing and over what is open already. */
export const measureCommands: Group = async ({ stage, rounds }) => {
  await stage.run(stage.ws('config-ssh', '--yes'));
  const standing = await stage.portForward('dev');
  const words = stage.ssh(0, 'true').map((word) => (word === '0' ? '"$port"' : word));
  const around = [
    'exec 3< <(exec kubectl port-forward deploy/ws-dev :2222 2>/dev/null); pid=$!',
    'read -r line <&3; port=${line##*127.0.0.1:}; port=${port%% *}',
    `${words.map((word) => (word.startsWith('"') ? word : `'${word}'`)).join(' ')}; status=$?`,
    'kill $pid; exit $status',
  ].join('\n');
  const config = ['-F', `${stage.folder}/.ssh/config`];
  const [exec, cold, held, openssh, proxied, scripted] = await race(
    [
      { name: '`kubectl exec -- true`', run: () => stage.run(['kubectl', 'exec', 'deploy/ws-dev', '--', 'true']) },
      {
        name: '`ws ssh -- true`, no held connection',
        run: () => stage.run(stage.ws('ssh', '--no-share', 'dev', '--', 'true')),
      },
      { name: '`ws ssh -- true`, over a held connection', run: () => stage.run(stage.ws('ssh', 'dev', '--', 'true')) },
      { name: 'OpenSSH through a standing port-forward', run: () => stage.run(stage.ssh(standing.port, 'true')) },
      { name: '`ssh ws-dev true` through `ws proxy`', run: () => stage.run(['ssh', ...config, 'ws-dev', 'true']) },
      { name: 'the same with `kubectl port-forward` around it', run: () => stage.run(['bash', '-c', around]) },
    ],
    rounds,
  );
  await stage.stop(standing.child);
  const node =
    'little of it is waiting (“Where the time goes”): one Node process starts, loads the clients of SSH and of the API, and does one TLS handshake and one of SSH in JavaScript, where kubectl is compiled code. So it suffers more where cores are busy. The next command over the held connection pays none of it but Node’s start.';
  return {
    rows: [
      toRow(cold, exec, 1.1, { note: node }),
      toRow(held, exec, 0.6),
      toRow(cold, openssh, 1.2, {
        note: `${node} A standing port-forward has paid for the way to the pod beforehand.`,
      }),
      toRow(proxied, scripted, 0.8, {
        note: 'OpenSSH’s own login is most of both; the rest is what one Node process takes to start, to load the API’s client and to open a stream',
      }),
    ],
  };
};
