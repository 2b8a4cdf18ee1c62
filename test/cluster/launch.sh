# Starts, stops and describes a cluster. Sourced by scripts/cluster.sh; needs paths.sh, pki.sh, storage.sh and images.sh.

# start_cluster OWNER_PID: from nothing to a Ready node. With an owner, the cluster ends when that process does.
start_cluster() {
  local owner=$1 index started=$SECONDS
  [ "$(id -u)" = 0 ] || die "A test cluster needs root" "it makes namespaces, interfaces and control groups" "sudo npm run cluster -- up"
  [ -x "$BIN/helm3" ] || die "The cluster's programs are not built yet" "" "npm run setup"
  lock_name
  if node_is_ready; then say "Cluster $NAME is up already"; return; fi
  [ -d "$STATE" ] && stop_cluster
  claim_index
  NODE_IP=10.213.$index.2 HOST_IP=10.213.$index.1 NODE_NAME=ws-$NAME
  say "Starting cluster $NAME (10 to 20 seconds)"
  make_pki
  write_storage
  make_cgroups
  setsid nohup bash "$CLUSTER_ROOT/guard.sh" keeper "$NAME" "$NODE_IP" "$HOST_IP" >/dev/null 2>&1 </dev/null 7>&- &
  local keeper=$!
  disown
  until is_guard "$keeper" keeper || ! kill -0 "$keeper" 2>/dev/null; do sleep 0.01; done
  echo "$keeper" >"$STATE/keeper.pid"
  setsid nohup bash "$CLUSTER_ROOT/guard.sh" sweeper "$NAME" "$keeper" "$owner" >/dev/null 2>&1 </dev/null 7>&- &
  echo $! >"$STATE/sweeper.pid"
  disown
  connect_network || give_up "its network could not be made"
  await_ready || give_up "its node was not Ready in time"
  touch "$STATE/ready"
  say "Cluster $NAME is ready after $((SECONDS - started)) s: kubeconfig $STATE/admin.kubeconfig"
}

# One start of a name at a time: the second one finds the cluster up. The file goes with the lock, and a lock on a file
# that went meanwhile is none.
lock_name() {
  local file=$STATE_HOME/$NAME.starting
  mkdir -p "$STATE_HOME"
  until exec 7>"$file" && flock 7 && [ "$file" -ef /proc/self/fd/7 ]; do :; done
  # shellcheck disable=SC2064 # the name of now
  trap "rm -f '$file'" EXIT
}

# A free /30 for the link between machine and node; the folder is the reservation.
claim_index() {
  exec 8>"$STATE_HOME/lock"
  flock 8
  for index in $(seq 1 250); do grep -qx "$index" "$STATE_HOME"/*/index 2>/dev/null || break; done
  ! grep -qx "$index" "$STATE_HOME"/*/index 2>/dev/null || die "250 clusters are up" "each needs a network of its own" "npm run cluster -- list"
  mkdir -p "$STATE/log"
  echo "$index" >"$STATE/index"
  [ -f "$STATE_HOME/ip_forward" ] || cat /proc/sys/net/ipv4/ip_forward >"$STATE_HOME/ip_forward"
  exec 8>&-
}

make_cgroups() {
  local folder
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir -p "/sys/fs/cgroup/$CGROUP"
    return
  fi
  for folder in /sys/fs/cgroup/*/; do [ -f "$folder/cgroup.procs" ] && mkdir -p "$folder$CGROUP"; done
  # A fresh cpuset has no cores and no memory until it is given some.
  local set=/sys/fs/cgroup/cpuset
  if [ -d "$set/$CGROUP" ]; then
    for folder in cpus mems; do cat "$set/cpuset.$folder" >"$set/$CGROUP/cpuset.$folder" 2>/dev/null || true; done
  fi
}

# One veth pair; its far end lives in the node's network namespace and dies with it, and so does the pair.
connect_network() {
  local pid
  for _ in $(seq 100); do
    pid=$(find_node_process) && break
    sleep 0.05
  done
  [ -n "$pid" ] &&
    ip link add "$LINK" type veth peer name eth0 netns "$pid" &&
    ip addr add "$HOST_IP/30" dev "$LINK" &&
    ip link set "$LINK" up &&
    sysctl -qw net.ipv4.ip_forward=1 &&
  nft -f - <<NFT
table ip $NFT_TABLE {
  chain outbound {
    type nat hook postrouting priority srcnat;
    ip saddr $NODE_IP oifname != "$LINK" masquerade
  }
}
NFT
}

# unshare's child is PID 1 of the new namespaces.
find_node_process() {
  local parent child
  parent=$(cat "$STATE/node.pid" 2>/dev/null) && [ -n "$parent" ] && child=$(pgrep -P "$parent" -f node.sh) &&
    [ "$(readlink "/proc/$child/ns/net")" != "$(readlink /proc/self/ns/net)" ] && echo "$child"
}

await_ready() {
  local images_loaded=
  for _ in $(seq 400); do
    if [ -z "$images_loaded" ] && [ -S "$STATE/containerd.sock" ] && load_own_images 2>/dev/null; then images_loaded=1; fi
    if [ -n "$images_loaded" ] && node_is_ready && default_account_exists; then return; fi
    is_guard "$(cat "$STATE/keeper.pid" 2>/dev/null)" keeper || break
    sleep 0.2
  done
  return 1
}

# give_up REASON: the cluster goes, as after any `down`; the sweeper keeps its logs.
give_up() {
  local log
  stop_cluster
  for log in "$FAILED_LOGS"/*.log; do
    say "--- ${log##*/}"
    tail -n 4 "$log" >&2
  done
  die "Cluster $NAME did not start" "$1; the last lines of its logs are above, all of them in $FAILED_LOGS" "npm run cluster -- up --name $NAME"
}

node_is_ready() {
  [ -f "$STATE/admin.kubeconfig" ] && [ "$(kubectl_admin get node "ws-$NAME" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]
}

# Pods are refused until the controller has made the namespace's service account.
default_account_exists() { kubectl_admin -n default get serviceaccount default >/dev/null 2>&1; }

kubectl_admin() { "$BIN/kubectl" --kubeconfig "$STATE/admin.kubeconfig" --request-timeout 5s "$@"; }

stop_cluster() {
  local keeper sweeper
  [ -d "$STATE" ] || { say "There is no cluster $NAME"; return 0; }
  keeper=$(cat "$STATE/keeper.pid" 2>/dev/null || echo 0)
  sweeper=$(cat "$STATE/sweeper.pid" 2>/dev/null || echo 0)
  if is_guard "$keeper" keeper; then kill -KILL "$keeper"; fi
  # The state goes before the sweeper does, which still puts the machine's forwarding back.
  for _ in $(seq 100); do [ -d "$STATE" ] || is_guard "$sweeper" sweeper || break; sleep 0.1; done
  # Its sweeper was killed too: do its work here.
  [ -d "$STATE" ] && bash "$CLUSTER_ROOT/guard.sh" sweep "$NAME"
  say "Cluster $NAME is gone"
}

require_cluster() { [ -f "$STATE/admin.kubeconfig" ] || die "There is no cluster $NAME" "" "npm run cluster -- up --name $NAME"; }

describe_cluster() {
  say "Cluster    $NAME"
  say "Node       $(kubectl_admin get node "ws-$NAME" --no-headers 2>/dev/null || echo 'does not answer')"
  say "Kubeconfig $STATE/admin.kubeconfig"
  say "Logs       $STATE/log"
}
