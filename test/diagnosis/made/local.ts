/** This machine is in the way. */
import { mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { pick, type Scenario } from '../stage/scenario.ts';
import { runProgram, WORKSPACE } from '../stage/stage.ts';

export const LOCAL: Scenario[] = [
  {
    code: 'LOCAL_PORT_TAKEN',
    how: 'another program listens there',
    async make(stage, n) {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      stage.defer(() => server.close());
      const { port } = server.address() as AddressInfo;
      await stage.ready();
      const forward = n % 2 === 0 ? ['--socks', String(port), '--strict'] : [`${port}:8080`, '--strict'];
      return { words: ['forward', WORKSPACE, ...forward], evidence: [String(port)] };
    },
  },
  {
    code: 'LOCAL_DISK_FULL',
    how: 'the file system of the settings has no room',
    async make(stage, n) {
      const folder = path.join(stage.person.home, `full-${n}`);
      mkdirSync(folder);
      const mounted = await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${64 * n}k`, 'tmpfs', folder]);
      if (mounted.status !== 0) throw new Error(mounted.stderr);
      stage.defer(() => runProgram('umount', ['-l', folder]));
      await runProgram('dd', ['if=/dev/zero', `of=${folder}/ballast`, 'bs=4k']);
      return { words: ['config', 'set', 'size', `${n}Gi`], environment: { WS_CONFIG_DIR: folder }, evidence: [folder] };
    },
  },
  {
    code: 'LOCAL_FILE_REFUSED',
    how: 'a file is where a folder has to be',
    make(stage, n) {
      const file = stage.file(`blocked-${n}`, '');
      stage.defer(() => rmSync(file, { force: true }));
      const folder = path.join(file, pick(['ws', 'config', 'a/b'], n));
      return { words: ['config', 'set', 'size', '1Gi'], environment: { WS_CONFIG_DIR: folder }, evidence: [file] };
    },
  },
];
