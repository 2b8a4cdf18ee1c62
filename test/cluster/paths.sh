# Where a test cluster keeps what it makes. Sourced by the scripts beside it.
# Everything of one cluster lies under $STATE, and nothing of it anywhere else on the disk.

CLUSTER_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The XDG text has a relative folder count as none.
xdg_home() { case $1 in /*) echo "$1" ;; *) echo "$HOME/$2" ;; esac; }
CACHE_HOME=$(xdg_home "${XDG_CACHE_HOME:-}" .cache)/ws
STATE_HOME=$(xdg_home "${XDG_STATE_HOME:-}" .local/state)/ws/clusters
KUBERNETES_VERSION=1.37.2

# The toolchain's folder is named by what it is built from, so that a new version never meets old binaries.
toolchain_dir() {
  local key
  key=$(cat "$CLUSTER_ROOT/toolchain/go.mod" "$CLUSTER_ROOT/toolchain/build.sh" | sha256sum | cut -c1-16)
  echo "$CACHE_HOME/toolchain/$key"
}

# use_cluster NAME: sets the variables that belong to one cluster. Names are short, because interface names are.
use_cluster() {
  NAME=$1
  [[ $NAME =~ ^[a-z][a-z0-9-]{0,8}$ ]] || die "\"$NAME\" cannot be a cluster's name" \
    "a name has up to 9 lower-case letters, digits and dashes" "npm run cluster -- up --name dev"
  STATE=$STATE_HOME/$NAME
  FAILED_LOGS=$CACHE_HOME/failed-clusters/$NAME
  BIN=$(toolchain_dir)/bin
  CGROUP=ws-cluster-$NAME
  NFT_TABLE=ws_cluster_${NAME//-/_}
  LINK=wsc-$NAME
}

# is_guard PID ROLE: whether that process is this cluster's keeper or sweeper, and not one that was given its number since.
is_guard() {
  local words=()
  { mapfile -d '' -t words <"/proc/${1:-none}/cmdline"; } 2>/dev/null
  [[ ${words[*]} == *"guard.sh $2 $NAME "* ]]
}

say() { printf '%s\n' "$*" >&"${WS_SAY_FD:-2}"; }

# quietly NAME COMMAND...: shows what the command says by `say`. The rest of its output goes to a log, which is named, and
# whose end is shown when the command fails. Inside another quiet command, that one's log takes it.
quietly() {
  local log=$CACHE_HOME/logs/$1.log status=0
  shift
  [ -z "${WS_SAY_FD:-}" ] || { "$@"; return; }
  mkdir -p "$CACHE_HOME/logs"
  say "  The details go to $log"
  WS_SAY_FD=3 "$@" 3>&2 >"$log" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] && return
  tail -n 15 "$log" >&2
  say "✗ It failed. The end of its output is above, all of it in $log"
  return "$status"
}

# die WHAT WHY TRY...: the one form of an error here.
die() {
  printf '\n✗ %s\n' "$1" >&2
  [ -n "${2:-}" ] && printf '  %s\n' "$2" >&2
  shift 2 || shift $#
  for try in "$@"; do printf '  Try: %s\n' "$try" >&2; done
  exit 1
}
