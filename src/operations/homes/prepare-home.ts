import { failure, interrupted, withOutcome } from '../../workspace/errors/errors.ts';
import { listSecrets, maskSecrets } from '../../workspace/errors/secrets.ts';
import { toShellWord } from '../../workspace/errors/shell-words.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../../workspace/errors/tell-if-interrupted.ts';
import type { Fact, Operation } from '../../workspace/state/events.ts';
import type { SshConnection } from '../../workspace/world.ts';

/** Install scripts that dotfiles repositories commonly have, in the order in which other tools look for them. */
const INSTALLERS =
  'install.sh install bootstrap.sh bootstrap setup.sh setup script/install script/bootstrap script/setup';

/** How much of a failed script's output we show. */
const SHOWN_LINES = 10;

/** Clones a repository once. A folder that is there stays as it is. */
export async function* prepareHome(
  connection: SshConnection,
  wanted: { clone?: string | undefined; dotfiles?: string | undefined },
  signal: AbortSignal,
): Operation<void> {
  const { clone, dotfiles } = wanted;
  yield { type: 'started', step: 'prepare' };
  if (clone !== undefined) {
    yield { type: 'advanced', step: 'prepare', fact: toFact('clone', clone) };
    await runScript({ script: toCloneScript(clone), url: clone, what: 'clone' }, connection, signal);
  }
  if (dotfiles !== undefined) {
    yield { type: 'advanced', step: 'prepare', fact: toFact('dotfiles', dotfiles) };
    const work = { script: toDotfilesScript(dotfiles), url: dotfiles, what: 'install dotfiles from' };
    await runScript(work, connection, signal);
  }
  yield { type: 'finished', step: 'prepare' };
}

function toFact(what: 'clone' | 'dotfiles', url: string): Fact {
  return { kind: 'preparing', what, url: maskSecrets(url) };
}

/** The folder is the repository's name, as git itself would choose it. */
export function toCloneScript(url: string): string {
  const folder =
    url
      .replace(/\/+$/, '')
      .split(/[/:]/)
      .at(-1)
      ?.replace(/\.git$/, '') || 'repository';
  return `[ -e ${toShellWord(folder)} ] || git clone -- ${toShellWord(url)} ${toShellWord(folder)}`;
}

export function toDotfilesScript(url: string): string {
  return [
    `[ -e ~/.dotfiles ] || git clone -- ${toShellWord(url)} ~/.dotfiles || exit`,
    '[ -e ~/.dotfiles/.ws-installed ] && exit 0',
    'cd ~/.dotfiles || exit',
    // The shell reads the rest of this script from stdin, so an installer must not read from it.
    `for name in ${INSTALLERS}; do if [ -f "$name" ] && [ -x "$name" ]; then "./$name" </dev/null && touch .ws-installed; exit; fi; done`,
    // Without an installer, dot files are linked into the home, never over what is there.
    'for name in .[!.]*; do case $name in .git|.gitignore|.ws-installed) ;; *) [ -e ~/"$name" ] || ln -s ~/.dotfiles/"$name" ~/"$name" ;; esac; done',
    'touch .ws-installed',
  ].join('\n');
}

/** Throws `WORKSPACE_FAILED` with what the script said last. */
async function runScript(
  { script, url, what }: { script: string; url: string; what: string },
  connection: SshConnection,
  signal: AbortSignal,
): Promise<void> {
  const told = `The workspace is up; it did not ${what} ${maskSecrets(url)} to the end`;
  const { status, stdout, stderr } = await tellIfInterrupted(told, () => connection.run('bash -s', signal, script));
  if (signal.aborted) throw withOutcome(interrupted(), told);
  if (status === 0) return;
  const said = withoutSecrets((stdout + stderr).trim(), url)
    .split('\n')
    .slice(-SHOWN_LINES)
    .join('\n');
  throw failure('WORKSPACE_FAILED', {
    message: `The workspace is up, but it could not ${what} ${maskSecrets(url)}`,
    reason: `Exit status ${status}. ${said === '' ? 'It said nothing.' : said}`,
    suggestions: [{ ...ws`ssh`, note: 'to look for yourself' }],
  });
}

/** git quotes an address in its own way, and an installer may print parts of it, so we mask each form. */
function withoutSecrets(text: string, url: string): string {
  return maskSecrets(listSecrets(url).reduce((masked, secret) => masked.replaceAll(secret, '***'), text));
}
