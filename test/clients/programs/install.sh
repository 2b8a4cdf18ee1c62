#!/usr/bin/env bash
# Installs the clients of one folder here, by versions and hashes that are written down beside them. Prints the folder that
# has them; it is named by its inputs, and made once.
# Usage: install.sh python | go | java | rust
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../cluster/paths.sh"
kind=$1
key=$(cd "$here" && find "$kind" install.sh -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-16)
target=$CACHE_HOME/clients/$kind-$key
[ -e "$target/whole" ] && { echo "$target"; exit 0; }

need() { command -v "$1" >/dev/null || die "$1 is not installed" "the client is built with it" "apt-get install $2"; }

make_python() {
  python3 -c 'import venv, ensurepip' 2>/dev/null || die "Python cannot make environments" "" "apt-get install python3-venv"
  python3 -m venv "$target/python"
  "$target/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
    --requirement "$here/python/requirements.txt"
  cp "$here"/python/*.py "$target"
}

make_go() {
  need go golang-go
  (cd "$here/go" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$target/go-client" .)
}

# Maven knows no hashes of ours, so they are looked at before anything runs.
make_java() {
  need mvn maven
  need javac default-jdk-headless
  mvn --quiet --batch-mode --strict-checksums -f "$here/java/pom.xml" -DoutputDirectory="$target/jars" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
  (cd "$target/jars" && sha256sum --quiet --check "$here/java/SHA256SUMS")
  javac -cp "$target/jars/*" -d "$target/classes" "$here"/java/*.java
}

make_rust() {
  need cargo cargo
  CARGO_TARGET_DIR=$target/build cargo build --quiet --locked --release --manifest-path "$here/rust/Cargo.toml"
  cp "$target/build/release/rust-client" "$target/rust-client"
  rm -rf "$target/build"
}

mkdir -p "$CACHE_HOME/clients"
exec 9>"$target.lock"
flock 9
[ -e "$target/whole" ] && { echo "$target"; exit 0; }
say "Installing the clients of $kind (up to 5 minutes the first time)"
rm -rf "$target"
mkdir -p "$target"
"make_$kind" >&2
: >"$target/whole"
echo "$target"
