/** The command that makes a key pair. `ssh-keygen` alone asks for a file, and offers to overwrite the one there is. */
import { type Command, run } from '../errors/suggestion.ts';

/** For a person: it asks for a passphrase. The name is one that is free where the command is shown. */
export function suggestNewKey(): Command {
  const { words, ...command } = run('ssh-keygen')`-t ed25519 -f`;
  return { ...command, words: [...words, { inHome: '.ssh/id_ed25519', isNew: true }] };
}

/** For a script: it asks nothing. */
export function makingKey(path: string): Command {
  return run('ssh-keygen')`-q -t ed25519 -N ${''} -f ${path}`;
}
