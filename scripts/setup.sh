#!/usr/bin/env bash
# Installs what the checkout needs and does not have. Says nothing if everything is there.
# Usage: npm run setup [-- npm|apt|toolchain|image…]   all of them by default
#   npm        the packages of package-lock.json, with a current Node among them
#   apt        the programs that the cluster, the image and the tests call
#   toolchain  a Kubernetes node's programs, kubectl and helm, built from Go modules into a cache
#   image      the workspace image, into a cache
# This needs only bash, because it brings the rest.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/test/cluster/paths.sh"
cd "$root"

# PACKAGE=PROGRAM or PACKAGE=FILE: the program or file shows that the package is there. One from elsewhere is fine too.
FOR_TOOLCHAIN=(gcc=gcc libc6-dev=/usr/include/stdlib.h libseccomp-dev=/usr/include/seccomp.h pkg-config=pkg-config
  ca-certificates=/etc/ssl/certs/ca-certificates.crt)
FOR_CLUSTER=(iproute2=ip nftables=nft procps=pgrep util-linux=unshare openssl=openssl busybox-static=/bin/busybox catatonit=/usr/bin/catatonit)
FOR_IMAGE=(buildah=buildah mmdebstrap=mmdebstrap)
FOR_TESTS=(openssh-client=ssh openssh-server=/usr/sbin/sshd tmux=tmux git=git rsync=rsync curl=curl python3-venv
  dbus=dbus-run-session gnome-keyring=gnome-keyring-daemon libsecret-1-0 libsecret-tools=secret-tool
  putty-tools=puttygen dropbear-bin=dbclient netcat-openbsd=nc socat=socat shellcheck=shellcheck)

main() {
  local part
  for part in "${@:-all}"; do
    case $part in
      npm) install_npm_packages ;;
      apt)
        forget_image_packages
        install_packages 'the project' "${FOR_TOOLCHAIN[@]}" "${FOR_CLUSTER[@]}" "${FOR_IMAGE[@]}" "${FOR_TESTS[@]}"
        ;;
      toolchain) build_toolchain ;;
      image) build_image ;;
      all) main npm apt toolchain image ;;
      *) die "\"$part\" is not a part of the set-up" "" "npm run setup -- npm | apt | toolchain | image" ;;
    esac
  done
}

install_npm_packages() {
  [ -d node_modules ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] && [ -x node_modules/.bin/node ] && return
  command -v npm >/dev/null || die "npm is not installed" "any Node from 20 on brings it; the project's own Node comes with the packages" "apt-get install npm"
  say "Installing the npm packages (20 to 60 seconds)"
  quietly npm npm ci --no-audit --no-fund --loglevel=error
  # npm does not change the file's time if it has nothing to do.
  touch node_modules/.package-lock.json
}

# docker or podman can build the image. Without them, buildah does, on a base that mmdebstrap makes.
forget_image_packages() { if docker info >/dev/null 2>&1 || command -v podman >/dev/null; then FOR_IMAGE=(); fi; }

# install_packages PURPOSE PACKAGE[=PROGRAM]...
install_packages() {
  local purpose=$1 missing
  shift
  missing=$(find_missing "$@")
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    die "Some programs are missing" "for $purpose, by their Debian packages: $missing" "sudo apt-get install -y --no-install-recommends $missing"
  fi
  say "Installing ${missing// /, } (10 to 60 seconds)"
  # shellcheck disable=SC2086 # one word per package
  quietly apt install_by_apt $missing ||
    die "apt-get could not install them" "its own words are above" "apt-get install -y --no-install-recommends $missing"
}

install_by_apt() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"; }

find_missing() {
  local entry missing=()
  for entry in "$@"; do is_there "${entry%=*}" "${entry#*=}" || missing+=("${entry%=*}"); done
  echo "${missing[*]}"
}

# is_there PACKAGE PROGRAM_OR_FILE
is_there() {
  [ -e "$2" ] || PATH=$PATH:/usr/sbin:/sbin command -v "$2" >/dev/null ||
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

build_toolchain() {
  install_packages 'the test cluster' "${FOR_TOOLCHAIN[@]}" "${FOR_CLUSTER[@]}"
  [ -x "$(toolchain_dir)/bin/helm3" ] && return
  verify_go
  quietly toolchain bash test/cluster/toolchain/build.sh
}

# Since 1.21, Go itself downloads the version that a module asks for.
verify_go() {
  local version minor
  command -v go >/dev/null || export PATH=$PATH:/usr/local/go/bin
  version=$(go env GOVERSION 2>/dev/null) || die "Go is not installed" "the test cluster is built from source with Go 1.21 or newer" \
    "apt-get install golang-go" "https://go.dev/doc/install"
  minor=$(cut -d. -f2 <<<"$version" | tr -dc 0-9)
  [ "${version%%.*}" = go1 ] && [ "${minor:-0}" -lt 21 ] || return 0
  die "Go is too old" "it is ${version#go}, and the test cluster is built with 1.21 or newer" "https://go.dev/doc/install"
}

build_image() {
  forget_image_packages
  install_packages 'building the image' "${FOR_IMAGE[@]}"
  bash scripts/image.sh archive >/dev/null
}

main "$@"
