# Kills one of the node's programs, whose keeper starts it again: a fault on purpose. Sourced; needs launch.sh.

declare -A PROGRAMS=([apiserver]=kube-apiserver [etcd]=etcd [containerd]=containerd [controllers]=kube-controller-manager
  [scheduler]=kube-scheduler [kubelet]=kubelet [proxy]=kube-proxy)

# restart_program NAME: returns when a new process of it runs and the node is Ready again.
restart_program() {
  local program=${PROGRAMS[${1:-none}]:-} node old
  [ -n "$program" ] || die "\"${1:-}\" is not a program of the node" "they are apiserver, etcd, containerd, controllers, scheduler, kubelet and proxy" "npm run cluster -- restart apiserver --name $NAME"
  node=$(find_node_process) || die "Cluster $NAME does not run" "its node is gone" "npm run cluster -- up --name $NAME"
  old=$(find_program "$node" "$program") || die "$1 does not run in cluster $NAME" "it may be between two starts" "npm run cluster -- status --name $NAME"
  kill -KILL "$old"
  for _ in $(seq 150); do
    if [ "$(find_program "$node" "$program")" != "$old" ] && program_is_back "$node" "$program"; then return; fi
    sleep 0.2
  done
  die "$1 did not come back in 30 s" "its log is $STATE/log/$1.log" "npm run cluster -- status --name $NAME"
}

# Names of processes end after 15 letters; only those of this cluster's process namespace count.
find_program() { pgrep --ns "$1" --nslist pid -x "${2:0:15}"; }

program_is_back() {
  find_program "$1" "$2" >/dev/null && kubectl_admin get --raw /readyz >/dev/null 2>&1 && node_is_ready
}
