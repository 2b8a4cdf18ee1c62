/**
 * The small program that ProxyCommands run. A program of the desktop starts ssh with a short PATH, and Node or `ws` may
 * have been updated since: so it tries in turn what ran `ws` when it was written, and what PATH leads to now.
 */

export interface Launcher {
  /** Node and the program's file, best first. All absolute. */
  pairs: { node: string; file: string }[];
  /** PATH of the time, whose folders are looked into after the caller's: credential plugins are found there, too. */
  folders: string[];
  configFolder: string;
}

/** The name of its file, beside the ssh configuration. */
export const LAUNCHER_NAME = 'ssh_proxy';

/** The least major version of Node that runs `ws`. */
const LEAST_NODE = 22;

/** A program for a POSIX shell, one character per byte of its UTF-8. */
export function renderLauncher({ pairs, folders, configFolder }: Launcher): string {
  const files = [...new Set(pairs.map(({ file }) => file))];
  const text = `# Written by ws config-ssh and ws up, and written anew each time. It finds ws for ssh, also where the caller's PATH is short.
PATH="\${PATH:+$PATH:}"${quote(folders.join(':'))}
WS_CONFIG_DIR=${quote(configFolder)}
export PATH WS_CONFIG_DIR

try() {
  node=$1 file=$2
  shift 2
  if [ -x "$node" ] && [ -f "$file" ]; then exec "$node" "$file" "$@"; fi
}
${pairs.map(({ node, file }) => `try ${quote(node)} ${quote(file)} "$@"\n`).join('')}
# They are gone, as after an update: another Node, or another ws, as far as it is this one.
set -f
IFS=:
for folder in $PATH; do
  if "$folder/node" -e 'if (parseInt(process.versions.node) < ${LEAST_NODE}) throw 0' </dev/null >/dev/null 2>&1; then
${files.map((file) => `    try "$folder/node" ${quote(file)} "$@"\n`).join('')}    :
  fi
  case $("$folder/ws" --version </dev/null 2>/dev/null) in
    ws-workspace/*) exec "$folder/ws" "$@" ;;
  esac
done
echo 'ws: it is not where it was when ws config-ssh ran, and PATH has none; try: ws config-ssh' >&2
exit 127
`;
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Between single quotes a shell changes nothing, line ends included. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
