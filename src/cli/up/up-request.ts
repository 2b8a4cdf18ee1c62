import type { Asker } from '../../operations/choices/asker.ts';
import type { UpRequest } from '../../operations/up.ts';
import { describeReading, listFlagTexts, parseChoices } from '../../workspace/choices/chosen.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import type { SshTarget } from '../../workspace/world.ts';
import { listTypedValues } from '../here/typed-words.ts';
import { accountAddress } from '../terminal/machine.ts';
import { parseDuration } from '../words/durations.ts';
import { parsePort } from '../words/numbers.ts';
import type { UpFlags } from './up-flags.ts';

/** Where other clients find the SSH server while a shell is open. */
const LOCAL_PORT = 2222;

export interface UpContext {
  workspace: string;
  asker: Asker;
  askPassphrase: SshTarget['askPassphrase'];
  wantsShell: boolean;
  /** The line that was typed. */
  line: TypedCommand;
}

/** What the flags ask for, checked. */
export function toUpRequest(
  flags: UpFlags,
  { workspace, asker, askPassphrase, wantsShell, line }: UpContext,
): UpRequest {
  const values = listTypedValues(line);
  const port = flags['local-port'] === undefined ? undefined : parsePort(flags['local-port'], 'local-port');
  const localPort = { port: port ?? LOCAL_PORT, anyFreePort: port === undefined };
  return {
    workspace,
    choices: parseChoices(flags),
    reading: describeReading(listFlagTexts(flags, (flag) => Object.hasOwn(values, flag))),
    createNamespace: flags['create-namespace'],
    asker,
    keyComment: accountAddress(),
    valuesFiles: flags.values ?? [],
    repair: flags.repair,
    waitTimeoutMs: parseDuration(flags['wait-timeout'], 'wait-timeout'),
    // A script that continues needs a pod that is ready for everybody.
    early: wantsShell,
    connect: { acceptHostKey: flags['accept-host-key'], askPassphrase },
    localPort: wantsShell && port !== 0 ? localPort : undefined,
  };
}
