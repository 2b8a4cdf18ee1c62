/** Finds what can stand at the cursor from the words before it. Shells ask for it; their scripts are below. */
import type { Place } from '../../workspace/place.ts';

export interface CompletableFlag {
  name: string;
  char: string | undefined;
  /** False for a switch. */
  takesValue: boolean;
  about: string;
  options: readonly string[];
  /** `--no-NAME` exists too. */
  allowNo: boolean;
}

export interface CompletableCommand {
  /** `['keys', 'add']` */
  words: string[];
  about: string;
  /** Names of its arguments, in order. */
  args: { name: string; options: readonly string[] }[];
  flags: CompletableFlag[];
}

export interface Candidate {
  word: string;
  about: string;
}

export type Completion =
  | { kind: 'words'; candidates: Candidate[] }
  | { kind: 'files' }
  /** Names of workspaces, each with `prefix` before it, then other candidates. */
  | { kind: 'workspaces'; place: Place; prefix: string; others: Completion | undefined };

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The last line when the shell should complete file names as well. */
export const FILES_MARK = ':files';

/** Flags and arguments that mean a file wherever they occur. */
const FILE_NAMES = new Set(['identity', 'key', 'kubeconfig', 'values']);

/** `words` are those after the program's name, up to and with the one that is being typed (which may be ''). */
export function completeWords(words: string[], commands: CompletableCommand[]): Completion {
  // bash takes `--name=value` apart at the sign.
  const typed = words.filter((word, index) => word !== '=' || index === 0);
  const current = words.at(-1) === '=' ? '' : (typed.pop() ?? '');
  const command = findCommand(typed, commands);
  if (command === undefined) return toWords(listNextWords(typed, commands), current);
  const { positionals, valueOf, isAfterDashes, flagWords } = readWords(typed, command);
  if (isAfterDashes) return { kind: 'files' };
  const place = {
    context: flagWords.get('context'),
    namespace: flagWords.get('namespace'),
    kubeconfig: flagWords.get('kubeconfig'),
  };
  if (valueOf !== undefined) return completeValue(valueOf.name, valueOf.options, '', current, place);
  const joined = /^--([^=]+)=(.*)$/s.exec(current);
  if (joined !== null) {
    const flag = command.flags.find(({ name }) => name === joined[1]);
    const prefix = `--${joined[1]}=`;
    return flag === undefined ? toWords([], '') : completeValue(flag.name, flag.options, prefix, current, place);
  }
  if (current.startsWith('-')) return toWords(listFlags(command), current);
  const [here, other] = listArguments(command, positionals, flagWords.has('workspace')).map(({ name, options }) =>
    completeValue(name, options, '', current, place),
  );
  if (here === undefined) return toWords([], current);
  return here.kind === 'workspaces' ? { ...here, others: other } : here;
}

/** The arguments that may stand at a position: the workspace may be left out, and then the next one is the first. */
function listArguments({ args }: CompletableCommand, position: number, isNamedByFlag: boolean) {
  const [first, ...rest] = args;
  if (first?.name === 'workspace' && isNamedByFlag) return rest.slice(position, position + 1);
  return args.slice(position, first?.name === 'workspace' && position === 0 ? 2 : position + 1);
}

/** The names that begin with the typed text. */
export function toWords(candidates: Candidate[], current: string): Completion {
  return { kind: 'words', candidates: candidates.filter(({ word }) => word.startsWith(current)) };
}

function completeValue(
  name: string,
  options: readonly string[],
  prefix: string,
  current: string,
  place: Place,
): Completion {
  if (name === 'workspace') return { kind: 'workspaces', place, prefix, others: undefined };
  if (FILE_NAMES.has(name)) return { kind: 'files' };
  return toWords(
    options.map((option) => ({ word: prefix + option, about: '' })),
    current,
  );
}

function findCommand(typed: string[], commands: CompletableCommand[]): CompletableCommand | undefined {
  return commands.find(({ words }) => words.every((word, index) => typed[index] === word));
}

/** First words of commands, or second ones after a topic. */
function listNextWords(typed: string[], commands: CompletableCommand[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { words, about } of commands) {
    const word = words[typed.length];
    if (word === undefined || !typed.every((before, index) => before === words[index])) continue;
    const isTopic = words.length > typed.length + 1;
    if (!next.has(word)) next.set(word, isTopic ? `${word} …` : about);
  }
  return [...next].map(([word, about]) => ({ word, about }));
}

function listFlags({ flags }: CompletableCommand): Candidate[] {
  const shown = flags.flatMap(({ name, about, allowNo }) => [
    { word: `--${name}`, about },
    ...(allowNo ? [{ word: `--no-${name}`, about }] : []),
  ]);
  return [...shown, { word: '--help', about: 'show how it is used' }];
}

/** Reads the words before the cursor: how many arguments, which flags, and whether a flag still needs its value. */
function readWords(typed: string[], command: CompletableCommand) {
  const flagWords = new Map<string, string>();
  let positionals = 0;
  let valueOf: CompletableFlag | undefined;
  for (const word of typed.slice(command.words.length)) {
    if (valueOf !== undefined) {
      flagWords.set(valueOf.name, word);
      valueOf = undefined;
    } else if (word === '--') {
      return { positionals, valueOf, isAfterDashes: true, flagWords };
    } else if (/^-./.test(word)) {
      const [name = '', value] = word.split(/=(.*)/s);
      const flag = command.flags.find((known) => name === `--${known.name}` || name === `-${known.char}`);
      if (flag?.takesValue === true && value === undefined) valueOf = flag;
      else if (flag !== undefined && value !== undefined) flagWords.set(flag.name, value);
    } else {
      positionals += 1;
    }
  }
  return { positionals, valueOf, isAfterDashes: false, flagWords };
}

/** The script that a shell reads once, at its start. It asks `ws complete` for everything. */
export function toCompletionScript(shell: Shell, bin: string): string {
  return SCRIPTS[shell].replaceAll('PROGRAM', bin).replaceAll('FILES', FILES_MARK);
}

const SCRIPTS: Record<Shell, string> = {
  bash: `# Put this into ~/.bashrc: source <(PROGRAM completion bash)
_PROGRAM_complete() {
  local line IFS=$'\\n'
  COMPREPLY=()
  while read -r line; do
    if [ "$line" = "FILES" ]; then
      compopt -o filenames 2>/dev/null
      COMPREPLY+=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(PROGRAM complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null </dev/null)
}
complete -F _PROGRAM_complete PROGRAM
`,
  zsh: `#compdef PROGRAM
# Put this into ~/.zshrc, after compinit: source <(PROGRAM completion zsh)
_PROGRAM() {
  local line found=1
  local -a lines described
  lines=("\${(@f)$(PROGRAM complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null </dev/null)}")
  if [[ $lines[-1] == FILES ]]; then
    lines[-1]=()
    _files && found=0
  fi
  for line in $lines; do
    [[ -n $line ]] && described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#described )) && _describe PROGRAM described && found=0
  return found
}
if [[ $funcstack[1] == _PROGRAM ]]; then
  _PROGRAM "$@"
else
  compdef _PROGRAM PROGRAM
fi
`,
  fish: `# Put this into ~/.config/fish/completions/PROGRAM.fish: PROGRAM completion fish > THAT
function __PROGRAM_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l lines (PROGRAM complete -- $words[2..-1] "$current" 2>/dev/null </dev/null)
  if test "$lines[-1]" = FILES
    __fish_complete_path "$current"
    set -e lines[-1]
  end
  for line in $lines
    printf '%s\\n' $line
  end
end
complete -c PROGRAM -f -a '(__PROGRAM_complete)'
`,
};
