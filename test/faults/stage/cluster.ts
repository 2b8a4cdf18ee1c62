/** The node's programs, broken on purpose. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = path.resolve(import.meta.dirname, '../../../scripts/cluster.sh');

/** Kills one of them, and returns when it runs again and the node is Ready. */
export async function restart(program: string): Promise<void> {
  const cluster = process.env['WS_TEST_CLUSTER'];
  if (cluster === undefined) throw new Error('WS_TEST_CLUSTER names no cluster whose programs could be restarted');
  await promisify(execFile)('bash', [SCRIPT, 'restart', program, '--name', cluster]);
}
