#!/usr/bin/env bash
# The score of the diagnosis: makes every cause for real, three times, and writes docs/diagnosis.md from this one run.
# It takes about forty minutes, on the cluster of WS_TEST_KUBECONFIG or, without one, on a throwaway cluster.
# Usage: npm run test:diagnosis [-- VITEST'S WORDS]     With words of vitest (-t QUOTA_CPU) the page stays as it is.
# WS_MADE_TIMES=1 makes each once.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/prepare.sh

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

rm -rf .ws/reports/diagnosis
status=0
vitest run --project diagnosis "$@" || status=$?
[ $# -gt 0 ] || node test/diagnosis/score/write-page.ts
exit "$status"
