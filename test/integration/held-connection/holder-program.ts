/**
 * Lends one connection until it is killed, as `ws hold` does: a process of its own, so that its death is seen as others
 * see it.
 */
import { openHolder } from '../../../src/adapters/held-connection/open-holder.ts';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import type { PublicKey } from '../../../src/contract/keys/public-key.ts';
import { dial } from '../ssh/sshd.ts';

export interface HolderPlan {
  socket: string;
  port: number;
  user: string;
  key: string;
  hostKeys: PublicKey[];
}

const plan = JSON.parse(process.argv[2] ?? '') as HolderPlan;
const never = new AbortController().signal;
const opened = await openHolder(plan.socket);
const connection = await createConnector({ agentSocket: undefined }).connect(
  {
    openStream: () => dial(plan.port),
    user: plan.user,
    hostKeys: plan.hostKeys,
    identities: [await readKeyFile(plan.key)],
    askPassphrase: undefined,
  },
  never,
);
process.stdout.write('ready\n');
await opened?.serve(connection, { idleMs: 600_000, nowMs: Date.now }, never);
