#!/usr/bin/env bash
# Builds the workspace image with docker, podman or buildah, whichever is installed.
# Usage: image.sh build | archive
#   build    builds ws-workspace:VERSION into the builder's own storage
#   archive  prints the path of a docker archive of the image, and makes it first if an input has changed
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/test/cluster/paths.sh"
cd "$root"
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
name=docker.io/library/ws-workspace:$version
cache=$CACHE_HOME/image
bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}

# A re-signing proxy's certificate reaches the build as a secret, and never the image.
secret=()
[ -s "$bundle" ] && secret=(--secret "id=ca,src=$bundle")

# buildah has its own storage. Chroot isolation needs no container runtime, which old control groups would refuse.
buildah_here() { buildah --root "$cache/storage" --runroot "$cache/run" "$@"; }

build_with_buildah() {
  make_base_image || return
  buildah_here build-using-dockerfile --quiet --layers --isolation chroot --network host --pull=never "${secret[@]}" \
    --build-arg "VERSION=$version" -f image/Dockerfile -t "$name" .
}

# Without a registry, this makes the base from Debian's packages: the same content under the same name.
make_base_image() {
  buildah_here inspect --type image debian:trixie-slim >/dev/null 2>&1 && return
  command -v mmdebstrap >/dev/null || die "mmdebstrap is missing" "it makes the base image where no registry is at hand" "npm run setup"
  say "  Making the base image debian:trixie-slim (about 30 seconds)"
  local work container
  work=$(mktemp -d)
  mmdebstrap --quiet --variant=minbase --mode=root \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' trixie "$work/base.tar" &&
    container=$(buildah_here from scratch) &&
    buildah_here add --quiet "$container" "$work/base.tar" / &&
    buildah_here config --cmd bash "$container" &&
    buildah_here commit --quiet --rm "$container" localhost/debian:trixie-slim || { rm -rf "$work"; return 1; }
  rm -rf "$work"
}

builder() {
  if docker info >/dev/null 2>&1; then echo docker
  elif command -v podman >/dev/null; then echo podman
  elif command -v buildah >/dev/null; then echo buildah
  else die "No image builder is here" "docker, podman or buildah builds the image" "apt-get install buildah"; fi
}

build() {
  say "Building the image $name with $(builder) (about 5 minutes the first time, seconds when only the supervisor changed)"
  case $(builder) in
    docker) DOCKER_BUILDKIT=1 quietly image docker build --quiet "${secret[@]}" --build-arg "VERSION=$version" -f image/Dockerfile -t "$name" . ;;
    podman) quietly image podman build --quiet "${secret[@]}" --build-arg "VERSION=$version" -f image/Dockerfile -t "$name" . ;;
    buildah) quietly image build_with_buildah ;;
  esac
}

save() {
  case $(builder) in
    docker) docker save -o "$1" "$name" ;;
    podman) podman save --quiet --format docker-archive -o "$1" "$name" >&2 ;;
    buildah) buildah_here push --quiet "$name" "docker-archive:$1:$name" >&2 ;;
  esac
}

# Hashes every file that goes into the image, and the version on its label.
inputs_key() {
  { find image src/contract src/supervisor scripts/build.ts scripts/bundle/options.ts scripts/provenance package-lock.json -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; echo "$version"; } | sha256sum | cut -c1-16
}

# The newest two stay, because another checkout may be about to load the older one.
forget_old() {
  local old
  # shellcheck disable=SC2012 # the names are ours: sixteen hexadecimal digits
  ls -t "$cache"/*.tar | tail -n +3 | while read -r old; do rm -f "$old"; done
}

archive() {
  local file
  mkdir -p "$cache"
  file=$cache/$(inputs_key).tar
  exec 9>"$cache/lock"
  flock 9
  if [ ! -f "$file" ]; then
    build
    rm -f "$cache"/*.part
    save "$file.part"
    mv "$file.part" "$file"
    forget_old
  fi
  touch "$file"
  echo "$file"
}

case ${1:-} in
  build) build ;;
  archive) archive ;;
  *) die "\"${1:-}\" is not an image command" "" "scripts/image.sh build | archive" ;;
esac
