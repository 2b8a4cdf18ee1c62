#!/usr/bin/env bash
# Measures ws beside what its users would use instead, on a throwaway cluster: tables of ratios, and docs/benchmarks.md when
# everything was measured. Takes about 20 minutes; a quiet machine makes it worth more. Usage: npm run bench [-- [--quick] [--gib] [GROUP…]]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
# A name of at most nine letters; with the process id, so that checkouts can be measured side by side.
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

# The measurements end what they have started before their cluster goes.
finish() {
  [ -z "$bench" ] || { kill "$bench" 2>/dev/null && wait "$bench"; } || true
  bash scripts/cluster.sh down --name "$cluster"
}

bash scripts/cluster.sh up --name "$cluster" --owner $$
WS_BENCH_IMAGE=$(bash scripts/image.sh archive)
bash scripts/cluster.sh load "$WS_BENCH_IMAGE" --name "$cluster"
WS_BENCH_KUBECONFIG=$(bash scripts/cluster.sh kubeconfig --name "$cluster")
export WS_BENCH_IMAGE WS_BENCH_KUBECONFIG
# Beside this shell, which would otherwise hear of a signal only when all is measured.
node test/bench/main.ts "$@" &
bench=$!
status=0
wait "$bench" || status=$?
bench=
exit "$status"
