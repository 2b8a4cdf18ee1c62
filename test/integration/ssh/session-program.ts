/**
 * Run by session-table.test.ts with all kinds of input and output: one session as `ws ssh` has it. How it ended goes to
 * a file.
 */
import { writeFileSync } from 'node:fs';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import { runSession } from '../../../src/cli/session/run-session.ts';
import { interruptSignal } from '../../../src/cli/terminal/interrupt.ts';
import { guardOutput } from '../../../src/cli/terminal/output.ts';
import { readTerminal } from '../../../src/cli/terminal/terminal.ts';
import type { PublicKey } from '../../../src/contract/keys/public-key.ts';
import { dial } from './sshd.ts';

export interface SessionPlan {
  port: number;
  user: string;
  key: string;
  hostKeys: PublicKey[];
  command: string | undefined;
  wantsTty: boolean;
  /** The file for the outcome. */
  outcome: string;
}

guardOutput(255);
const plan = JSON.parse(process.argv[2] ?? '') as SessionPlan;
const target = {
  openStream: () => dial(plan.port),
  user: plan.user,
  hostKeys: plan.hostKeys,
  identities: [await readKeyFile(plan.key)],
  askPassphrase: undefined,
};
const signal = interruptSignal();
const connection = await createConnector({ agentSocket: undefined }).connect(target, signal);
const { command, wantsTty } = plan;
let outcome: string;
try {
  const choice = { name: 'dev', command, wantsTty, forwardAgent: false, escapes: true };
  outcome = String(await runSession(connection, readTerminal(), choice, signal));
} catch (error) {
  outcome = `${(error as { code?: string }).code ?? error} ${process.exitCode}`;
}
writeFileSync(plan.outcome, outcome);
process.exit();
