/** Run in a real pty by shell.test.ts: one shell over one connection, then its outcome on the last line. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import type { PublicKey } from '../../../src/contract/keys/public-key.ts';
import { dial } from './sshd.ts';

interface Plan {
  port: number;
  user: string;
  key: string;
  hostKeys: PublicKey[];
  command: string | undefined;
  /** The terminal is somebody else's until this file is there. */
  freeWith: string | undefined;
}

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const interruption = new AbortController();
process.once('SIGTERM', () => interruption.abort());
const stream = await dial(plan.port);
const connection = await createConnector({ agentSocket: undefined }).connect(
  {
    openStream: async () => stream,
    user: plan.user,
    hostKeys: plan.hostKeys,
    identities: [await readKeyFile(plan.key)],
    askPassphrase: undefined,
  },
  interruption.signal,
);
// The way is cut when the test says so.
process.once('SIGUSR2', () => stream.destroy());
const { stdin, stdout, stderr } = process;
const { freeWith } = plan;
const terminalFree = freeWith === undefined ? undefined : awaitFile(freeWith).then(() => void stdout.write('[free]\n'));
const options = {
  forwardAgent: false,
  escapes: true,
  onLeave: () => void stdout.write('[left]'),
  ...(terminalFree === undefined ? {} : { terminalFree }),
  ...(plan.command === undefined ? {} : { command: plan.command }),
};
let outcome: string;
try {
  const { TERM: termName, COLORTERM: colorTerm } = process.env;
  const terminal = { stdin, stdout, stderr, termName, colorTerm };
  outcome = String(await connection.shell(terminal, options, interruption.signal));
} catch (error) {
  outcome = (error as { code?: string }).code ?? String(error);
}
stdout.write(`[outcome ${outcome}]\n`);
await connection.close();

async function awaitFile(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(10);
}
