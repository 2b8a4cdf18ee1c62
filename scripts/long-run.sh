#!/usr/bin/env bash
# Runs a suite that takes too long for each change, on the cluster of WS_TEST_KUBECONFIG or, without one, on a throwaway
# cluster. A whole run by --long writes the page that the suite has in docs/.
# Usage: long-run.sh diagnosis | agents | clients | faults [--long] [VITEST'S WORDS]
# Without --long, each thing is made once.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=$1 long='' status=0
shift
if [ "${1:-}" = --long ]; then long=yes && shift; fi
. scripts/prepare.sh
export WS_BUILT=1

if [ -z "${WS_TEST_KUBECONFIG:-}" ]; then
  # A name has at most nine letters. The process id lets two checkouts run beside each other.
  cluster=s$$
  trap 'bash scripts/cluster.sh down --name "$cluster"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  bash scripts/cluster.sh up --name "$cluster" --owner $$
  bash scripts/cluster.sh load "$(bash scripts/image.sh archive)" --name "$cluster"
  WS_TEST_KUBECONFIG=$(bash scripts/cluster.sh kubeconfig --name "$cluster")
  export WS_TEST_KUBECONFIG WS_TEST_CLUSTER=$cluster
fi
WS_TOOLCHAIN=$(bash scripts/cluster.sh path)
export WS_TOOLCHAIN KUBECONFIG=$WS_TEST_KUBECONFIG WS_LONG=$long

rm -rf ".ws/reports/$suite"
vitest run --project "$suite" "$@" || status=$?
if [ -n "$long" ] && [ $# -eq 0 ]; then node "test/$suite/write-page.ts"; fi
exit "$status"
