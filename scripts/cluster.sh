#!/usr/bin/env bash
# A real single-node Kubernetes cluster for tests and demonstrations.
# Usage: npm run cluster -- up | down | status | kubeconfig | load FILE | restart PROGRAM | list | path
#        [--name NAME] [--owner PID]
#   up         starts the cluster unless it runs; with --owner it ends with that process
#   load       puts the images of a docker archive on the node
#   restart    kills apiserver, etcd, containerd, controllers, scheduler, kubelet or proxy, and waits until all is ready
#   path       prints the folder of kubectl, helm and the node's programs
set -euo pipefail
here=$(cd "$(dirname "$0")/../test/cluster" && pwd)
for part in paths pki storage images launch restart; do . "$here/$part.sh"; done

name=dev owner=0 words=()
while [ $# -gt 0 ]; do
  case $1 in
    --name) name=${2:-}; shift 2 ;;
    --owner) owner=${2:-0}; shift 2 ;;
    *) words+=("$1"); shift ;;
  esac
done
use_cluster "$name"

case ${words[0]:-} in
  up) start_cluster "$owner" ;;
  down) stop_cluster ;;
  status) require_cluster && describe_cluster ;;
  kubeconfig) require_cluster && echo "$STATE/admin.kubeconfig" ;;
  load) require_cluster && load_archive "$(realpath "${words[1]:?a docker archive}")" ;;
  restart) require_cluster && restart_program "${words[1]:-}" ;;
  list) find "$STATE_HOME" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort ;;
  path) echo "$BIN" ;;
  *) die "\"${words[0]:-}\" is not a cluster command" "" "npm run cluster -- up | down | status | kubeconfig | load FILE | restart PROGRAM | list | path  [--name NAME]" ;;
esac
