import type { Identity } from '../workspace/keys.ts';
import type { SshTarget } from '../workspace/world.ts';
import type { CliTerminal } from './terminal.ts';

/** Asks for a key's passphrase on the terminal; undefined when there is none to ask on. */
export function passphraseAsker(terminal: CliTerminal, signal: AbortSignal): SshTarget['askPassphrase'] {
  if (!terminal.isInteractive) return undefined;
  return async (identity: Identity, attempt: number) => {
    const { askSecret } = await import('../report/prompts.tsx');
    const again = attempt > 1 ? 'That was not it. ' : '';
    return askSecret(`${again}Passphrase of ${identity.path ?? identity.comment}`, {
      stdin: terminal.stdin,
      stream: terminal.stderr,
      signal,
    });
  };
}
