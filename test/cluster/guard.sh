#!/usr/bin/env bash
# Watches over one cluster. Two of these run for each: the `keeper` is the parent of everything in the cluster, and the
# `sweeper` clears away what no namespace ends by itself (cgroups, one firewall table, the state) once the keeper is gone,
# however it went. Usage: guard.sh keeper|sweeper NAME ...  (by launch.sh)
set -u
. "$(dirname "$0")/paths.sh"
role=$1
use_cluster "$2"

# keeper NAME NODE_IP HOST_IP: `setpriv --pdeathsig` and `--kill-child` carry a kill -9 of this process down to the node.
keeper() {
  setpriv --pdeathsig KILL unshare --pid --fork --kill-child=KILL --mount --net --ipc --uts --mount-proc \
    bash "$CLUSTER_ROOT/node/node.sh" "$NAME" "$1" "$2" >"$STATE/node.log" 2>&1 </dev/null &
  echo $! >"$STATE/node.pid"
  wait
}

# sweeper NAME KEEPER_PID OWNER_PID: an owner of 0 is nobody.
sweeper() {
  while is_guard "$1" keeper; do
    if [ "$2" != 0 ] && ! kill -0 "$2" 2>/dev/null; then kill -KILL "$1" 2>/dev/null; fi
    sleep 0.3
  done
  # A new cluster of this name is none of this sweeper's business.
  [ "$(cat "$STATE/keeper.pid" 2>/dev/null)" = "$1" ] && sweep
}

# Every step may find its work done already. The keeper's death has killed the node before this.
sweep() {
  local folder
  ip link delete "$LINK" 2>/dev/null
  nft delete table ip "$NFT_TABLE" 2>/dev/null
  for _ in $(seq 50); do
    for folder in /sys/fs/cgroup/*/"$CGROUP" /sys/fs/cgroup/"$CGROUP"; do
      [ -d "$folder" ] && find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null
    done
    ls -d /sys/fs/cgroup/*/"$CGROUP" /sys/fs/cgroup/"$CGROUP" >/dev/null 2>&1 || break
    sleep 0.2
  done
  # Under the lock of those who start: what the last cluster puts back, the next one must not have counted on.
  exec 8>"$STATE_HOME/lock"
  flock 8
  [ -f "$STATE/ready" ] || keep_logs
  rm -rf "$STATE"
  restore_forwarding
}

# Of a cluster that never became ready; the next failure of its name replaces them.
keep_logs() {
  rm -rf "$FAILED_LOGS"
  mkdir -p "$FAILED_LOGS"
  cp "$STATE"/node.log "$STATE"/log/*.log "$FAILED_LOGS" 2>/dev/null
}

# The machine forwarded no packets before the first cluster: the last one puts that back.
restore_forwarding() {
  [ -z "$(find "$STATE_HOME" -mindepth 1 -maxdepth 1 -type d)" ] && [ -f "$STATE_HOME/ip_forward" ] || return 0
  sysctl -qw "net.ipv4.ip_forward=$(cat "$STATE_HOME/ip_forward")"
  rm -f "$STATE_HOME/ip_forward"
}

shift 2
"$role" "$@"
exit
