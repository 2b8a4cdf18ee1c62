/** The command that makes a key pair. `ssh-keygen` alone asks for a file, and offers to overwrite the one there is. */
import { type Command, run, type Word, ws } from '../errors/suggestion.ts';

/** A name that is free where the command is shown. */
const NEW_KEY: Word = { inHome: '.ssh/id_ed25519', isNew: true };

/** A person is asked for a passphrase by it, and a script is not: `spell` sees to that. */
export function suggestNewKey(): Command {
  const { words, ...command } = run('ssh-keygen')`-t ed25519 -f`;
  return { ...command, words: [...words, NEW_KEY] };
}

/** The `ws up` that takes that key, behind the line that makes it. */
export function takingNewKey(): Command {
  const { words, ...command } = ws`up --identity ~/.ssh/id_ed25519`;
  return { ...command, words: words.with(-1, NEW_KEY) };
}

/** For a script: it asks nothing. */
export function makingKey(path: string): Command {
  return askNoPassphrase(run('ssh-keygen')`-t ed25519 -f ${path}`);
}

/** The same command where nobody can be asked. Others than one that makes a key stay as they are. */
export function askNoPassphrase(command: Command): Command {
  const [first, ...rest] = command.words;
  if (command.program !== 'ssh-keygen' || first !== '-t' || rest.includes('-N')) return command;
  const [type = '', ...others] = rest;
  return { ...command, words: ['-q', first, type, '-N', '', ...others] };
}
