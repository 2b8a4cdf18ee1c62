#!/usr/bin/env bash
# Measures ws beside what its users would use instead, on a throwaway cluster. Prints tables of ratios. A run of all
# groups writes docs/benchmarks.md and takes about 20 minutes; run it on a quiet machine.
# Usage: npm run bench [-- [--quick] [--gib] [GROUP…]]
set -euo pipefail
cd "$(dirname "$0")/.."
# A name has at most nine letters. The process id lets two checkouts measure side by side.
cluster=b$$
. scripts/prepare.sh
bench=
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The measurements must end what they started before their cluster goes.
finish() {
  [ -z "$bench" ] || { kill "$bench" 2>/dev/null && wait "$bench"; } || true
  bash scripts/cluster.sh down --name "$cluster"
}

bash scripts/cluster.sh up --name "$cluster" --owner $$
WS_BENCH_IMAGE=$(bash scripts/image.sh archive)
bash scripts/cluster.sh load "$WS_BENCH_IMAGE" --name "$cluster"
WS_BENCH_KUBECONFIG=$(bash scripts/cluster.sh kubeconfig --name "$cluster")
export WS_BENCH_IMAGE WS_BENCH_KUBECONFIG
# In the background: otherwise this shell would hear of a signal only at the end.
node test/bench/main.ts "$@" &
bench=$!
status=0
wait "$bench" || status=$?
bench=
exit "$status"
