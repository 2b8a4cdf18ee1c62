/** What the remote shell does to start a job in a tmux session, and to wait for its end. */
import { JOB_EXITED, JOB_FORMAT, JOB_LOST, JOB_OPTION, JOB_RUNNING } from '../../contract/jobs.ts';
import { JOB_GONE, NO_JOB, NO_SESSION } from './job.ts';

/** The status of a start whose session is there already. tmux itself has no such status. */
export const SESSION_EXISTS_STATUS = 75;

/** The same, and the job of before still runs there. */
export const JOB_RUNS_STATUS = 76;

const RUN = '"${SHELL:-sh}" -c "$1"';

/**
 * What runs in the session's first window: the command, and after it a shell. Whoever comes back reads what it printed.
 * The trap keeps Ctrl-C for the command. A file with its input is gone before the command begins. The pane keeps the
 * status for those who wait.
 */
export const RUN_AND_STAY = [
  'trap : INT',
  `if [ -n "$2" ]; then { rm -f "$2"; ${RUN}; } <"$2"; else ${RUN}; fi`,
  'ended=$?',
  `tmux set-option -p -t "$TMUX_PANE" ${JOB_OPTION} "${JOB_EXITED}$ended"`,
  'printf "\\n[ws] The command ended with status %s. exit closes this session.\\n" "$ended"',
  'trap - INT',
  'exec "${SHELL:-sh}" -l',
].join('; ');

/** At once with the session, so that whoever asks next finds a job. */
export function markRunning(name: string): string {
  return `";" set-option -p -t "=${name}:" ${JOB_OPTION} ${JOB_RUNNING}`;
}

/** tmux takes a word that ends with a semicolon for the end of its own command. */
export function toTmuxWord(text: string): string {
  return text.replace(/;$/, '\\;');
}

/**
 * Goes on where there is no such session, or one whose job has ended and which nobody has used since: one pane, no
 * client, and a shell that has its terminal for itself or has ended, too: tmux knows that of a pane before the process
 * is gone. `ended` is then the job's state, and `session` tmux's number: under the name there may be another one by the
 * time that it is closed.
 */
export function verifyEnded(name: string): string {
  return `ended=
if found=$(tmux list-panes -s -t "=${name}:" -F "${JOB_FORMAT} #{session_attached} #{session_id} #{?pane_dead,0,#{pane_pid}}" 2>/dev/null); then
  case " $found" in
    *[[:space:]]"${JOB_RUNNING} "*) exit ${JOB_RUNS_STATUS} ;;
    *"
"*) ;;
    " ${JOB_EXITED}"*" 0 "*|" ${JOB_LOST} 0 "*)
      pid=\${found##* } session=\${found% *} session=\${session##* }
      group=$(sed "s/.*) //" "/proc/$pid/stat" 2>/dev/null | cut -d " " -f 6)
      [ "\${group:-$pid}" != "$pid" ] || ended=\${found%% *} ;;
  esac
  [ -n "$ended" ] || exit ${SESSION_EXISTS_STATUS}
fi`;
}

/**
 * Starts the job of the words `$1`, run by `$2`, in the place of the one that has ended. One call of tmux does both:
 * its server ends with its last session, and whoever starts one meanwhile ends with it.
 */
export function startInPlace(name: string, input: '' | ' "$input"'): string {
  const close = '${ended:+kill-session -t "$session" ";"}';
  return `tmux ${close} new-session -d -s ${name} sh -c "$2" ws "$1"${input} ${markRunning(name)}`;
}

/** Says so. */
export function tellClosed(name: string): string {
  return `case $ended in
  ${JOB_LOST}) echo "Closed session ${name} of before, whose command had not ended by itself" ;;
  ${JOB_EXITED}*) echo "Closed session ${name} of before, whose command had ended with status \${ended#${JOB_EXITED}}" ;;
esac`;
}

/** Keeps the input in a file that only its owner reads, and goes on only if all of it is there. */
export function takeInput(length: number): string[] {
  return [
    'input=$(mktemp -t ws-input.XXXXXX) || exit',
    'trap \'rm -f "$input"; exit 129\' HUP INT TERM',
    'cat >"$input"',
    'trap - HUP INT TERM',
    `if [ "$(wc -c <"$input")" -ne ${length} ]; then rm -f "$input"; echo "ws: the input did not arrive" >&2; exit 1; fi`,
  ];
}

/** Prints the end of the session's job once it is there. It asks again and again: whoever kills a job tells nobody. */
export function awaitEnd(name: string): string {
  return `tmux has-session -t "=${name}" 2>/dev/null || { echo ${NO_SESSION}; exit; }
pane=$(tmux list-panes -s -t "=${name}:" -F "#{?${JOB_OPTION},#{pane_id},}" 2>/dev/null | grep -m 1 .) || { echo ${NO_JOB}; exit; }
while state=$(tmux display-message -p -t "$pane" "${JOB_FORMAT}" 2>/dev/null) && [ "$state" = ${JOB_RUNNING} ]; do sleep 0.5; done
echo "\${state:-${JOB_GONE}}"`;
}
