import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Group } from '../group.ts';
import { type Contender, race } from '../measure.ts';
import { openPouring, POUR_PORT } from '../pour.ts';
import { awaitLine } from '../programs.ts';
import { toRow, type Unit } from '../rows.ts';
import { sampleCommand, sampleFile } from '../sample.ts';
import { type Stage, USER } from '../stage.ts';

const SECONDS: Unit = { suffix: ' s', digits: 1 };

/**
 * Large streams through the session, through files and through a forwarded port. What arrives is compared with what was
 * sent.
 */
export const measureTransfers: Group = async ({ stage, transferRounds, bytes }) => {
  const size = `${bytes / 2 ** 20} MiB`;
  const local = path.join(stage.folder, 'big');
  const copy = path.join(stage.folder, 'copy');
  execFileSync('sh', ['-c', `head -c ${bytes} /dev/urandom > ${local}`]);
  const sample = sampleFile(local);
  const ways = await openWays(stage);

  const up = (name: string, run: () => Promise<void>): Contender => ({
    name: `${name}, ${size} up`,
    run: inSeconds(run),
    after: async () => {
      const arrived = stage.inPod('dev', sampleCommand('up')).trim();
      if (arrived !== sample) throw new Error(`${name}: ${arrived} arrived instead of ${sample}`);
      stage.inPod('dev', 'mv -f up big');
    },
  });
  const { ssh, scp, shell, held } = ways;
  const target = (host: string) => `${host}:up`;
  const take = 'cat > up';
  const ups = await race(
    [
      up('OpenSSH over a port-forward', () => stage.run([...ssh, take], { inputFile: local })),
      up('`ws ssh -- cat`', () => stage.run([...shell, take], { inputFile: local })),
      up('`ws ssh -- cat`, held connection', () => stage.run([...held, take], { inputFile: local })),
      up('scp over a port-forward', () => stage.run([...scp.peer, local, target(ways.host)])),
      up('`scp` through `ws proxy`', () => stage.run([...scp.own, local, target('ws-dev')])),
      up('`ssh -L` over a port-forward', () => ways.pour.up(ways.peerPort, local)),
      up('a port of `ws forward`', () => ways.pour.up(ways.ownPort, local)),
    ],
    transferRounds,
    0,
  );

  const down = (name: string, run: () => Promise<void>): Contender => ({
    name: `${name}, ${size} down`,
    run: inSeconds(run),
  });
  const copied = (name: string, run: () => Promise<void>): Contender => ({
    ...down(name, run),
    after: async () => {
      const arrived = sampleFile(copy);
      rmSync(copy);
      if (arrived !== sample) throw new Error(`${name}: ${arrived} arrived instead of ${sample}`);
    },
  });
  const give = 'cat big';
  const expected = { expectedSample: sample };
  const downs = await race(
    [
      down('OpenSSH over a port-forward', () => stage.run([...ssh, give], expected)),
      down('`ws ssh -- cat`', () => stage.run([...shell, give], expected)),
      down('`ws ssh -- cat`, held connection', () => stage.run([...held, give], expected)),
      copied('scp over a port-forward', () => stage.run([...scp.peer, `${ways.host}:big`, copy])),
      copied('`scp` through `ws proxy`', () => stage.run([...scp.own, 'ws-dev:big', copy])),
      down('`ssh -L` over a port-forward', () => ways.pour.down(ways.peerPort, sample)),
      down('a port of `ws forward`', () => ways.pour.down(ways.ownPort, sample)),
    ],
    transferRounds,
    0,
  );
  await ways.close();
  stage.inPod('dev', 'rm -f big up');
  rmSync(local);

  const note =
    'The cipher, SSH’s windows and the stream protocol run in one JavaScript thread. OpenSSH and kubectl are two compiled processes on two cores. See “Where the time goes”.';
  const rows = [downs, ups].flatMap(([sshPeer, own, shared, scpPeer, scpOwn, portPeer, portOwn]) => [
    toRow(own, sshPeer, 0.9, { unit: SECONDS, note }),
    toRow(shared, sshPeer, 0.9, {
      unit: SECONDS,
      note: `${note} Over a held connection each byte passes one more process.`,
    }),
    toRow(scpOwn, scpPeer, 0.9, {
      unit: SECONDS,
      note: 'OpenSSH does the SSH on both sides. `ws proxy` and `kubectl port-forward` carry the same bytes through the same API server, kubelet and containerd, which take most of both cores.',
    }),
    toRow(portOwn, portPeer, 0.9, { unit: SECONDS, note }),
  ]);
  const text =
    'To reach 0.7, both ends need a cipher in hardware, and nothing on the way may cost more than the copying. “Where the time goes” has the CPU of each program. The API server, the kubelet and containerd are the same for both, and take most of what is left.';
  return { rows, text };
};

/** What stands while the transfers are run: the peer's port-forward and tunnel, and the forward of `ws`. */
async function openWays(stage: Stage) {
  await stage.run(stage.ws('config-ssh', '--yes'));
  const standing = await stage.portForward('dev');
  const pour = await openPouring(stage);
  const forward = stage.start(stage.ws('forward', `0:${POUR_PORT}`, '--workspace', 'dev', '--progress', 'plain'));
  const [, ownPort] = await awaitLine(forward, /127\.0\.0\.1:(\d+)/);
  const tunnel = stage.start(stage.ssh(standing.port, '-N', '-v', '-L', `17777:127.0.0.1:${POUR_PORT}`));
  await awaitLine(tunnel, /Local forwarding listening on 127\.0\.0\.1/);
  // The holder is to be there before the first command that counts on it.
  await stage.hold('dev');
  return {
    ssh: stage.ssh(standing.port),
    scp: {
      own: ['scp', '-q', '-F', `${stage.folder}/.ssh/config`],
      peer: ['scp', '-q', ...stage.sshOptions, '-P', String(standing.port)],
    },
    host: `${USER}@127.0.0.1`,
    shell: stage.ws('ssh', '--no-share', 'dev', '--'),
    held: stage.ws('ssh', 'dev', '--'),
    pour,
    ownPort: Number(ownPort),
    peerPort: 17_777,
    close: async () => {
      for (const child of [tunnel, forward, pour.serving, standing.child]) await stage.stop(child);
    },
  };
}

function inSeconds(run: () => Promise<void>): () => Promise<number> {
  return async () => {
    const begun = performance.now();
    await run();
    return (performance.now() - begun) / 1000;
  };
}
