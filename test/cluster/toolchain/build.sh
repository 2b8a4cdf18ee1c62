#!/usr/bin/env bash
# Builds the programs of a Kubernetes node and helm 3 and 4 from the Go modules in go.mod, into a folder named by its
# inputs. Safe to run twice at once, and to kill: the folder appears only when it is complete.
set -euo pipefail
. "$(dirname "$0")/../paths.sh"
target=$(toolchain_dir)
[ -x "$target/bin/helm3" ] && exit 0

command -v go >/dev/null || die "Go is not installed" "the test cluster is built from source with Go 1.21 or newer" "apt-get install golang-go"
mkdir -p "$(dirname "$target")"
exec 9>"$target.lock"
flock 9
[ -x "$target/bin/helm3" ] && exit 0
say "Building Kubernetes $KUBERNETES_VERSION, containerd, runc, etcd and helm from source (about 13 minutes the first time on 2 cores)"
cd "$CLUSTER_ROOT/toolchain"
out=$(mktemp -d "$target.building.XXXXXX")
trap 'rm -rf "$out"' EXIT
mkdir "$out/bin"

version=k8s.io/component-base/version
flags="-s -w -X $version.gitVersion=v$KUBERNETES_VERSION -X $version.gitMajor=${KUBERNETES_VERSION%%.*} -X $version.gitMinor=$(cut -d. -f2 <<<"$KUBERNETES_VERSION") -X k8s.io/client-go/pkg/version.gitVersion=v$KUBERNETES_VERSION"
build() { go build -trimpath -buildvcs=false -ldflags "$flags" "$@"; }
export CGO_ENABLED=0
say '  Kubernetes (1 of 3)'
build -o "$out/bin/" k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kube-proxy,kubectl}
say '  containerd, etcd, networking, storage (2 of 3)'
flags='-s -w'
build -o "$out/bin/" github.com/containerd/containerd/v2/cmd/{containerd,containerd-shim-runc-v2,ctr} \
  github.com/containernetworking/plugins/plugins/{main/bridge,main/loopback,ipam/host-local,meta/portmap}
# By itself: it writes an import in other letters than containerd does, which one build refuses.
build -o "$out/bin/" github.com/rancher/local-path-provisioner
build -o "$out/bin/etcd" go.etcd.io/etcd/server/v3
CGO_ENABLED=1 go build -trimpath -buildvcs=false -tags seccomp -ldflags '-s -w' -o "$out/bin/runc" github.com/opencontainers/runc
say '  helm 4 and 3 (3 of 3)'
# Unless it is told its version, helm names its series alone.
build_helm() {
  local module=helm.sh/helm/$1
  flags="-s -w -X $module/internal/version.version=$(go list -m -f '{{.Version}}' "$module")"
  build -o "$out/bin/$2" "$module/cmd/helm"
}
build_helm v4 helm
build_helm v3 helm3
rm -rf "$target"
mv "$out" "$target"
