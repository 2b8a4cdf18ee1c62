#!/usr/bin/env bash
# Installs what is missing, then runs every check and every suite, also on a real cluster. Its last line is
# `N passed, N failed, N skipped`. Usage: npm test     Reports and logs stay in .ws/reports.
# To run one suite, against a cluster of `npm run cluster -- up`: npm run test:unit, test:chart, test:e2e, …
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/test/cluster/paths.sh"
cd "$root" || exit
reports=$root/.ws/reports
suites=(check unit fuzz integration chart image cluster e2e faults)
# A hang is longer: on a slow machine the end-to-end suite takes more than half an hour.
suite_limit=60m
# Alone, each has the machine for itself. More files than these do not fail because the machine was busy or slow.
most_again=12
# The process id in the name lets two checkouts run their tests side by side.
cluster=t$$
begun=$SECONDS lane='' beside=()

# The result of a suite must not depend on where it runs: no terminal, no CI, no cluster of the user's.
unset CI CONTINUOUS_INTEGRATION GITHUB_ACTIONS NO_COLOR FORCE_COLOR WS_CONTEXT WS_NAMESPACE WS_CONFIG_DIR
# kubectl and helm, which live for a second, need not collect their garbage.
export GOGC=400

main() {
  rm -rf "$reports"
  mkdir -p "$reports"
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  bash scripts/setup.sh npm || give_up
  export PATH=$root/node_modules/.bin:$PATH
  prepare packages bash scripts/setup.sh apt
  prepare toolchain bash scripts/setup.sh toolchain
  WS_TOOLCHAIN=$(bash scripts/cluster.sh path)
  export WS_TOOLCHAIN PATH=$WS_TOOLCHAIN:$PATH WS_BUILT=1
  prepare build node scripts/build.ts
  start_cluster_lane
  # The end-to-end suite and then the integration suite take the longest and mostly wait. The others have the processors
  # while they do.
  start_suites --nice check unit fuzz chart
  start_suites integration
  join_cluster_lane
  start_suites --nice --after "${beside[-1]}" cluster image
  run_suite e2e verbose
  join_suites check unit fuzz chart integration cluster image
  # It restarts the API server, the kubelet and the others, which no other suite should notice.
  run_suite faults verbose
  run_failed_again unit fuzz integration chart image cluster e2e faults
  [ ! -f scripts/requirements.ts ] || prepare requirements node scripts/requirements.ts "$reports"
  title "All of it took $(((SECONDS - begun) / 60)) min $(((SECONDS - begun) % 60)) s"
  node scripts/tally.ts "$reports" "${suites[@]}"
}

title() { printf '\n── %s\n' "$*"; }

# prepare STEP COMMAND...: a step that later suites may need. Its failure counts, its success does not.
prepare() {
  local step=$1 started=$SECONDS
  shift
  "$@" </dev/null 2>&1 | cat
  echo "${PIPESTATUS[0]}" >"$reports/$step.status"
  title "$step: $((SECONDS - started)) s"
}

# The cluster starts and the image builds while the suites that need neither run, because both wait more than they
# compute.
start_cluster_lane() {
  setsid bash -c '
    bash scripts/cluster.sh up --name "$1" --owner "$2"; echo $? >"$3/cluster-start.status"
    archive=$(bash scripts/image.sh archive) && bash scripts/cluster.sh load "$archive" --name "$1"; echo $? >"$3/image-build.status"
  ' lane "$cluster" $$ "$reports" >"$reports/lane.log" 2>&1 </dev/null &
  lane=$!
}

join_cluster_lane() {
  local started=$SECONDS
  wait "$lane"
  lane=
  cat "$reports/lane.log"
  title "cluster and image: waited $((SECONDS - started)) s more for them"
  WS_TEST_KUBECONFIG=$(bash scripts/cluster.sh kubeconfig --name "$cluster")
  # A test that forgets to name a cluster meets the throwaway one, never the user's.
  export WS_TEST_KUBECONFIG KUBECONFIG=$WS_TEST_KUBECONFIG WS_TEST_CLUSTER=$cluster
}

# run_suite PROJECT REPORTER [FILE...]: runs the projects whose names begin with PROJECT, or the checks. With files, runs
# these, once more. Writes to a pipe, so a terminal changes nothing.
run_suite() {
  local started=$SECONDS project=$1 name=$1 command=(bash scripts/check.sh)
  if [ $# -gt 2 ]; then name=$1.again; fi
  title "$name"
  if [ "$project" != check ]; then
    command=(vitest run --no-color --project "$project*" "--reporter=$2" --reporter=json)
    command+=("--outputFile.json=$reports/$name.json" "${@:3}")
  fi
  WS_REPORT=$reports/check.json timeout --foreground --kill-after 20 "$suite_limit" "${command[@]}" </dev/null 2>&1 | cat
  echo "${PIPESTATUS[0]}" >"$reports/$name.status"
  title "$name: $((SECONDS - started)) s"
}

# start_suites [--nice] [--after PID] PROJECT...: runs them one after the other beside this script; nice ones get less of
# the processors.
start_suites() {
  local after='' nice=0
  if [ "$1" = --nice ]; then nice=5 && shift; fi
  if [ "$1" = --after ]; then after=$2 && shift 2; fi
  {
    renice -n "$nice" "$BASHPID" >/dev/null
    [ -z "$after" ] || tail --pid="$after" -f /dev/null
    for project; do run_suite "$project" default >"$reports/$project.log" 2>&1; done
  } &
  beside+=($!)
}

# join_suites PROJECT...: waits for all that were started, and prints their output.
join_suites() {
  local started=$SECONDS project
  wait "${beside[@]}"
  beside=()
  for project; do cat "$reports/$project.log"; done
  title "the suites beside it: waited $((SECONDS - started)) s more for them"
}

# run_failed_again PROJECT...: runs the files that failed once more, with the machine for themselves. That tells a fault from
# a busy machine, and the tally lists what this changed. A story of several tests begins at its beginning.
run_failed_again() {
  local project files=() found=()
  for project; do
    mapfile -t found < <(node scripts/test-results.ts "$reports" "$project")
    files+=("${found[@]}")
  done
  if [ ${#files[@]} -eq 0 ] || [ ${#files[@]} -gt $most_again ]; then return; fi
  for project; do
    mapfile -t found < <(node scripts/test-results.ts "$reports" "$project")
    [ ${#found[@]} -eq 0 ] || run_suite "$project" verbose "${found[@]}"
  done
}

# Without the packages there is no Node to count with.
give_up() {
  printf '\n0 passed, 1 failed, 0 skipped\n'
  exit 1
}

# The cluster ends with this process anyway. This waits until nothing of it is left.
finish() {
  [ -z "$lane" ] || kill -- "-$lane" 2>/dev/null
  for started in "${beside[@]}"; do
    pkill -TERM -P "$started" 2>/dev/null
    kill "$started" 2>/dev/null
  done
  bash scripts/cluster.sh down --name "$cluster" >/dev/null 2>&1
}

main
