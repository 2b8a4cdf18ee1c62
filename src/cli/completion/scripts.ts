/** What a shell reads once, at its start. The scripts ask `ws complete` for everything. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The last line when the shell should complete file names as well; a pattern may follow it. */
export const FILES_MARK = ':files';

export function toCompletionScript(shell: Shell, bin: string): string {
  return SCRIPTS[shell].replaceAll('PROGRAM', bin).replaceAll('FILES', FILES_MARK);
}

/**
 * bash takes words apart at colons and more, and inserts what it is given as it is. So it hands over its line, and gets
 * what has to stand in place of the part that it replaces, quoted.
 */
const BASH = `# Put this into ~/.bashrc: source <(PROGRAM completion bash)
_PROGRAM_complete() {
  local line IFS=$'\\n'
  COMPREPLY=()
  while read -r line; do
    case $line in
      FILES)
        compopt -o filenames 2>/dev/null
        COMPREPLY+=($(compgen -f -- "$2")) ;;
      FILES\\ *)
        compopt -o filenames 2>/dev/null
        COMPREPLY+=($(compgen -f -X "!*\${line#FILES }" -- "$2") $(compgen -d -- "$2")) ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <(PROGRAM complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
}
complete -F _PROGRAM_complete PROGRAM
`;

const ZSH = `#compdef PROGRAM
# Put this into ~/.zshrc, after compinit: source <(PROGRAM completion zsh)
_PROGRAM() {
  local line word about found=1 files=
  local -a lines typed described
  typed=("\${(@Q)words[2,CURRENT-1]}")
  lines=("\${(@f)$(PROGRAM complete -- "\${typed[@]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  if [[ $lines[-1] == FILES* ]]; then
    files=\${lines[-1]#FILES}
    lines[-1]=()
    if [[ -n $files ]]; then _files -g "*\${files# }" && found=0; else _files && found=0; fi
  fi
  for line in $lines; do
    [[ -n $line ]] || continue
    word=\${line%%$'\\t'*}
    about=\${line#$word}
    word=\${word//\\\\/\\\\\\\\}
    described+=("\${word//:/\\\\:}\${about:+:}\${about#$'\\t'}")
  done
  (( $#described )) && _describe PROGRAM described && found=0
  return found
}
if [[ $funcstack[1] == _PROGRAM ]]; then
  _PROGRAM "$@"
else
  compdef _PROGRAM PROGRAM
fi
`;

const FISH = `# Put this into ~/.config/fish/completions/PROGRAM.fish: PROGRAM completion fish > THAT
function __PROGRAM_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct | string unescape; or commandline -ct | string trim -l -c '\\'"')
  set -l lines (PROGRAM complete -- $words[2..-1] "$current" 2>/dev/null </dev/null)
  if string match -q 'FILES*' -- "$lines[-1]"
    set -l ending (string replace 'FILES' '' -- $lines[-1] | string trim)
    if test -n "$ending"
      # fish's own helper for suffixes offers the other files as well.
      set -l wanted (string escape --style=regex -- $ending)
      __fish_complete_path "$current" | string match -r "^[^\\t]*(?:/|$wanted)(?:\\t.*)?\\$"
    else
      __fish_complete_path "$current"
    end
    set -e lines[-1]
  end
  for line in $lines
    printf '%s\\n' $line
  end
end
complete -c PROGRAM -f -a '(__PROGRAM_complete)'
`;

const SCRIPTS: Record<Shell, string> = { bash: BASH, zsh: ZSH, fish: FISH };
