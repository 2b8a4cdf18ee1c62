#!/usr/bin/env bash
# Measures ws beside what its users would use instead, on a throwaway cluster. Prints tables of ratios. A run of all
# groups writes docs/benchmarks.md and takes about 20 minutes; run it on a quiet machine.
# Usage: npm run bench [-- [--quick] [--gib] [GROUP…]]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
# A name has at most nine letters. The process id lets two checkouts measure side by side.
cluster=b$$
bash scripts/setup.sh npm
bash scripts/setup.sh apt
bash scripts/setup.sh toolchain
PATH=$root/node_modules/.bin:$(bash scripts/cluster.sh path):$PATH
export PATH
unset WS_CONTEXT WS_NAMESPACE WS_CONFIG_DIR WS_SHARE WS_IDENTITY WS_WORKSPACE
node scripts/build.ts app
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
