#!/usr/bin/env bash
# From a fresh clone to a shell in a real workspace. Usage: npm run demo [-- COMMAND…] | npm run demo -- --down
# On a terminal it ends in the workspace's shell. Without a terminal, or with a COMMAND, it runs the command in the
# workspace over SSH. Only the command's output is on stdout, and its status is the exit status.
#   WS_DEMO_CONTEXT=NAME     use this context of your kubeconfig instead of booting a cluster
#   WS_DEMO_NAMESPACE=NAME   the namespace there, ws-demo by default; it is made if it is missing
#   WS_IMAGE=NAME[:TAG]      an image that this cluster can pull
# A cluster of its own needs Linux, root and Go. Without them it names the ways that this machine has.
# The demonstration keeps its files beside its cluster's, and its `ws` in .ws/demo. It does not touch your settings,
# keys and kubeconfig.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/test/cluster/paths.sh"
cd "$root"
. scripts/demo/ways.sh
cluster=demo workspace=dev namespace=${WS_DEMO_NAMESPACE:-ws-demo}
context=${WS_DEMO_CONTEXT:-}
# The cluster and the key to its workspace belong to the machine, so another clone finds both. The wrapper belongs to
# this clone.
state=${STATE_HOME%/clusters}/demo
ws=$root/.ws/demo/ws
tools=$root/node_modules/.bin
again=${context:+WS_DEMO_CONTEXT=$(quote "$context") }${WS_DEMO_NAMESPACE:+WS_DEMO_NAMESPACE=$WS_DEMO_NAMESPACE }

main() {
  case ${1:-} in
    --down) take_down ;;
    --help | -h) sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p;}' "$0" ;;
    -*) die "\"$1\" is not an option of the demonstration" "" "npm run demo" "npm run demo -- --down" ;;
    *) demonstrate "$@" ;;
  esac
}

demonstrate() {
  local lacks
  if [ -n "$context" ]; then
    verify_context
  else
    lacks=$(list_lacks)
    [ -z "$lacks" ] || refuse_here "$lacks"
  fi
  step 1 "npm packages, programs and tools: seconds when they are here, up to 15 minutes the first time"
  bash scripts/setup.sh npm
  prepare_tools
  export PATH=$tools:$PATH
  step 2 "building ws: about 3 seconds"
  node scripts/build.ts app
  step 3 "the cluster: 10 to 20 seconds"
  prepare_cluster
  step 4 "the image in the cluster: seconds when it is built, about 6 minutes the first time"
  prepare_image
  step 5 "ws up $workspace: 5 to 20 seconds"
  write_wrapper
  run_workspace "$@"
}

step() { lines "" "── Step $1 of 5 · $2"; }

verify_context() {
  list_contexts | grep -Fx -e "$context" >/dev/null || die "Your kubeconfig has no context \"$context\"" \
    "It has: $(list_contexts | tr '\n' ' ')" "npm run demo"
}

prepare_tools() {
  if [ -z "$context" ]; then
    command -v ssh-keygen >/dev/null || bash scripts/setup.sh apt
    bash scripts/setup.sh toolchain
  else
    command -v ssh-keygen >/dev/null || die "ssh-keygen is not installed" "OpenSSH's client brings it"
    command -v helm >/dev/null || has_toolchain ||
      die "Helm is not installed" "the demonstration installs a chart in $context" "https://helm.sh/docs/intro/install"
  fi
  ! has_toolchain || tools=$tools:$(bash scripts/cluster.sh path)
}

prepare_cluster() {
  mkdir -p "$state" "${ws%/*}"
  if [ -n "$context" ]; then
    say "Using your context $context"
    return
  fi
  bash scripts/cluster.sh up --name "$cluster"
  KUBECONFIG=$(bash scripts/cluster.sh kubeconfig --name "$cluster")
  export KUBECONFIG
}

prepare_image() {
  local archive
  if [ -n "$context" ]; then
    say_what_image
    return
  fi
  bash scripts/setup.sh image
  archive=$(bash scripts/image.sh archive)
  bash scripts/cluster.sh load "$archive" --name "$cluster"
}

say_what_image() {
  if [ -n "${WS_IMAGE:-}" ]; then
    say "The nodes of $context must be able to pull $WS_IMAGE"
    return
  fi
  lines "The nodes of $context must have $IMAGE, which nobody has published. Unless you have done it already:" \
    "    $BUILD $IMAGE ."
  say_image_lines "$context"
  [ "$(name_kind "$context")" != 'any cluster' ] || lines "    and WS_IMAGE=$REGISTRY/$IMAGE before this command"
}

# The demonstration's `ws`, for now and later: the built app with its own settings, key and cluster.
write_wrapper() {
  [ -f "$state/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C ws-demo -f "$state/id_ed25519"
  {
    echo '#!/usr/bin/env bash'
    echo '# ws against the demonstration, with settings of its own.'
    printf 'export PATH=%q:$PATH WS_CONFIG_DIR=%q WS_IDENTITY=%q WS_NAMESPACE=%q' "$tools" "$state/config" "$state/id_ed25519" "$namespace"
    [ -z "${KUBECONFIG:-}" ] || printf ' KUBECONFIG=%q' "$KUBECONFIG"
    [ -z "$context" ] || printf ' WS_CONTEXT=%q' "$context"
    printf '\nexec node %q "$@"\n' "$root/bin/run.js"
  } >"$ws"
  chmod +x "$ws"
}

run_workspace() {
  local status=0 up=("$ws" up "$workspace" --yes --create-namespace --key "$state/id_ed25519")
  if [ $# = 0 ] && [ -t 0 ] && [ -t 1 ]; then
    "${up[@]}" || status=$?
  else
    [ $# -gt 0 ] || set -- 'echo "Hello from $(hostname), as $(id -un)"; uname -sr; node --version; git --version'
    "${up[@]}" --no-shell </dev/null >&2 || exit
    "$ws" ssh "$workspace" -- "$@" || status=$?
  fi
  say_how_to_go_on
  return "$status"
}

say_how_to_go_on() {
  local short=${ws#"$root/"}
  lines "" "── Go on" \
    "  $short ssh                   another shell" \
    "  $short ssh -- git --version  one command" \
    "  $short forward 3000          the workspace's port 3000, here" \
    "  $short --help                everything else" \
    "── Remove all of it" \
    "  ${again}npm run demo -- --down"
}

take_down() {
  if [ -z "$context" ]; then
    bash scripts/cluster.sh down --name "$cluster"
  elif [ -x "$ws" ]; then
    "$ws" down "$workspace" --delete-home --yes
    say "The namespace $namespace of $context is yours to delete: kubectl --context $context delete namespace $namespace"
  fi
  rm -rf "$state" "${ws%/*}"
  say "The demonstration is gone. What was built stays in $CACHE_HOME for the next time; delete the folder if there is none"
}

main "$@"
