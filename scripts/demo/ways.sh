# The ways that the demonstration has on a machine that cannot run a cluster of its own, with lines to copy. It picks
# none: a cluster that somebody has is theirs. Sourced by scripts/demo.sh.
# Until the packages are here this must also run in bash 3.2 with BSD tools, which macOS brings.

# More of them would not fit on a screen.
MOST_CONTEXTS=4
IMAGE=ws-workspace:$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
BUILD="docker build -f image/Dockerfile -t"

# What a cluster of its own lacks here, one line each; nothing on a machine that can.
list_lacks() {
  if [ "$(uname -s)" != Linux ]; then
    echo "it is not Linux, but $(uname -s)"
    return
  fi
  [ "$(id -u)" = 0 ] || echo "you are not root, but UID $(id -u)"
  has_toolchain || has_go || echo "there is no Go 1.21 or newer on the PATH"
  has_toolchain || command -v apt-get >/dev/null || echo "there is no apt-get, which installs what is missing"
}

has_go() {
  local version minor
  version=$(PATH=$PATH:${GOROOT:-/usr/local/go}/bin && go env GOVERSION 2>/dev/null) || return 1
  minor=$(printf '%s' "$version" | cut -d. -f2 | tr -dc 0-9)
  [ "${version%%.*}" = go1 ] && [ "${minor:-0}" -ge 21 ]
}

has_toolchain() { command -v sha256sum >/dev/null && [ -x "$(toolchain_dir)/bin/helm3" ]; }

# refuse_here LACKS: names every way, and ends. All of it fits on a screen of 80 by 24.
refuse_here() {
  local contexts total
  contexts=$(list_contexts)
  total=$(printf '%s' "$contexts" | grep -c . || true)
  lines "" "✗ The demonstration cannot start a cluster of its own on this machine:"
  printf '%s\n' "$1" | sed 's/^/    /' >&2
  # shellcheck disable=SC2016 # the reader's shell expands it
  if [ "$(uname -s)" = Linux ] && [ "$(id -u)" != 0 ] && has_go && command -v sudo >/dev/null; then
    lines "As root it can:" '    sudo env "PATH=$PATH" npm run demo'
  fi
  case $(uname -s) in MINGW* | MSYS* | CYGWIN*) lines "In WSL 2, which is Linux, it can: run npm run demo there, as root." ;; esac
  if [ "$total" = 0 ]; then
    lines "It runs on a cluster that you have as well, and your kubeconfig names none. One of these makes one:" \
      "    kind create cluster" "    k3d cluster create ws" "    minikube start" \
      "    Docker Desktop: Settings, Kubernetes, Enable Kubernetes" "Then run this again: it shows the lines for that cluster."
  else
    lines "It runs on a cluster that you have as well. It picks none by itself: copy the lines of one." "" \
      "First, once (5 minutes; podman and buildah build it, too):" "    $BUILD $IMAGE ."
    printf '%s\n' "$contexts" | awk "NR <= $MOST_CONTEXTS" | while IFS= read -r name; do say_context "$name"; done
    [ "$total" -le "$MOST_CONTEXTS" ] || lines "$((total - MOST_CONTEXTS)) more: kubectl config get-contexts"
  fi
  exit 1
}

say_context() {
  local kind prefix=''
  kind=$(name_kind "$1")
  [ "$1" != "$(find_current_context)" ] || kind="$kind, the current context"
  lines "$1 ($kind):"
  say_image_lines "$1"
  case $kind in 'any cluster'*) prefix="WS_IMAGE=$REGISTRY/$IMAGE " ;; esac
  lines "    ${prefix}WS_DEMO_CONTEXT=$(quote "$1") npm run demo"
}

REGISTRY=registry.example.com

# What brings the built image to a context's cluster.
say_image_lines() {
  case $(name_kind "$1") in
    kind) lines "    kind load docker-image $IMAGE --name $(quote "${1#kind-}")" ;;
    k3d) lines "    k3d image import $IMAGE --cluster $(quote "${1#k3d-}")" ;;
    minikube) lines "    minikube image load $IMAGE" ;;
    'Docker Desktop') ;;
    *) lines "    docker tag $IMAGE $REGISTRY/$IMAGE && docker push $REGISTRY/$IMAGE" ;;
  esac
}

# By the names that these programs give their contexts.
name_kind() {
  case $1 in
    kind-?*) echo kind ;;
    k3d-?*) echo k3d ;;
    minikube) echo minikube ;;
    docker-desktop | docker-for-desktop) echo 'Docker Desktop' ;;
    *) echo 'any cluster' ;;
  esac
}

# One name a line, the current one first. kubectl knows all forms of the file; without it, the form that kubectl writes
# is read.
list_contexts() {
  local names current
  if command -v kubectl >/dev/null; then names=$(kubectl config get-contexts --output name 2>/dev/null || true)
  else names=$(read_kubeconfigs | awk "$CONTEXTS"); fi
  current=$(find_current_context)
  { printf '%s\n' "$names" | grep -Fx -e "$current" || true; printf '%s\n' "$names"; } | awk '$0 != "" && !seen[$0]++'
}

find_current_context() {
  if command -v kubectl >/dev/null; then kubectl config current-context 2>/dev/null || true
  else read_kubeconfigs | sed -n 's/^current-context: *//p' | sed "s/^[\"']\(.*\)[\"']\$/\1/" | awk 'NR == 1'; fi
}

read_kubeconfigs() {
  local file
  printf '%s\n' "${KUBECONFIG:-$HOME/.kube/config}" | tr : '\n' | while IFS= read -r file; do
    [ ! -r "$file" ] || { cat "$file"; echo; }
  done
}

# The `name` of each member of `contexts`. Extensions have names as well, further to the right.
# shellcheck disable=SC2016,SC2089 # a program of awk
CONTEXTS='
  /^[^ #-]/ { inside = ($0 ~ /^contexts:/); dash = "" }
  !inside { next }
  match($0, /^ *- /) && (dash == "" || RLENGTH == dash) { dash = RLENGTH; $0 = sprintf("%" dash "s%s", "", substr($0, dash + 1)) }
  { indent = match($0, /[^ ]/) - 1 }
  indent == dash && sub(/^ *name: */, "") { gsub(/^["\047]|["\047]$/, ""); print }
'

# A word as a shell reads it back.
quote() { printf '%q' "$1"; }

# One line per argument.
lines() { printf '%s\n' "$@" >&2; }
