import { failure } from '../workspace/errors.ts';
import type { SshConnection } from '../workspace/world.ts';
import type { CliTerminal } from './terminal.ts';

/** Install scripts that dotfiles repositories commonly have, in the order in which other tools look for them. */
const INSTALLERS =
  'install.sh install bootstrap.sh bootstrap setup.sh setup script/install script/bootstrap script/setup';

/** Clones what was asked for, once: a folder that is there stays as it is. The output goes to stderr. */
export async function prepareHome(
  connection: SshConnection,
  wanted: { dotfiles?: string | undefined; clone?: string | undefined },
  terminal: CliTerminal,
  signal: AbortSignal,
): Promise<void> {
  if (wanted.clone !== undefined)
    await runScript(connection, toCloneScript(wanted.clone), `clone ${wanted.clone}`, terminal, signal);
  if (wanted.dotfiles !== undefined)
    await runScript(
      connection,
      toDotfilesScript(wanted.dotfiles),
      `install dotfiles from ${wanted.dotfiles}`,
      terminal,
      signal,
    );
}

/** The folder is the repository's name, as git itself would choose it. */
export function toCloneScript(url: string): string {
  const folder =
    url
      .replace(/\/+$/, '')
      .split(/[/:]/)
      .at(-1)
      ?.replace(/\.git$/, '') || 'repository';
  return `[ -e ${quote(folder)} ] || git clone -- ${quote(url)} ${quote(folder)}`;
}

export function toDotfilesScript(url: string): string {
  return [
    `[ -e ~/.dotfiles ] || git clone -- ${quote(url)} ~/.dotfiles || exit`,
    '[ -e ~/.dotfiles/.ws-installed ] && exit 0',
    'cd ~/.dotfiles || exit',
    // The rest of this script is stdin: an installer that reads must not swallow it.
    `for name in ${INSTALLERS}; do if [ -f "$name" ] && [ -x "$name" ]; then "./$name" </dev/null && touch .ws-installed; exit; fi; done`,
    // Without an installer, dot files are linked into the home, never over what is there.
    'for name in .[!.]*; do case $name in .git|.gitignore|.ws-installed) ;; *) [ -e ~/"$name" ] || ln -s ~/.dotfiles/"$name" ~/"$name" ;; esac; done',
    'touch .ws-installed',
  ].join('\n');
}

async function runScript(
  connection: SshConnection,
  script: string,
  what: string,
  terminal: CliTerminal,
  signal: AbortSignal,
): Promise<void> {
  const { status, stdout, stderr } = await connection.run('bash -s', signal, script);
  terminal.stderr.write(stdout + stderr);
  if (status === 0) return;
  throw failure('WORKSPACE_FAILED', {
    message: `The workspace is up, but it could not ${what}`,
    reason: `exit status ${status}`,
    suggestions: ['ws ssh   (to look for yourself)'],
  });
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
