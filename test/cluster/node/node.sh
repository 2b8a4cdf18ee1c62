#!/usr/bin/env bash
# The node: PID 1 of a cluster's own PID, mount, network, IPC and UTS namespaces. Whatever runs in a cluster descends from
# here, so the kernel ends all of it, with its mounts and interfaces, when this process goes.
# Usage: node.sh NAME NODE_IP HOST_IP (by launch.sh, inside `unshare`)
set -euo pipefail
. "$(dirname "$0")/../paths.sh"
use_cluster "$1"
NODE_IP=$2 HOST_IP=$3 NODE_NAME=ws-$NAME
. "$(dirname "$0")/config.sh"
cd "$STATE"

# Mounts of pods must propagate among the node's programs, and never to the machine.
mount --make-rprivate / && mount --make-rshared /
cp -L /etc/resolv.conf "$STATE/resolv.conf"
mount -t tmpfs -o mode=755 node-run /run
mount -t tmpfs -o mode=755 node-log /var/log
mkdir -p /run/lock /run/netns
hostname "$NODE_NAME"

# The machine moves the other end of the veth pair in here as `eth0`.
ip link set lo up
for _ in $(seq 100); do ip link show eth0 >/dev/null 2>&1 && break; sleep 0.05; done
ip addr add "$NODE_IP/30" dev eth0
ip link set eth0 up
ip route add default via "$HOST_IP"
sysctl -qw net.ipv4.ip_forward=1

write_cni_config
write_containerd_config
write_kubelet_config
write_proxy_config

# The node's programs are Go's, whose default spends a quarter of the API server's work on garbage. Collect it less often,
# up to a bound of memory.
export GOGC=400 GOMEMLIMIT=600MiB

# keep NAME COMMAND...: runs it for good, its output in log/NAME.log; a program that dies is started again.
mkdir -p log
keep() {
  local name=$1
  shift
  (while true; do "$@" >>"log/$name.log" 2>&1 </dev/null || true; sleep 0.5; done) &
}

P=$STATE/pki
keep etcd "$BIN/etcd" --data-dir etcd --unsafe-no-fsync --log-level warn \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
keep apiserver "$BIN/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address "$NODE_IP" --advertise-address "$NODE_IP" \
  --secure-port 6443 --service-cluster-ip-range 10.96.0.0/16 --client-ca-file "$P/ca.crt" \
  --tls-cert-file "$P/apiserver.crt" --tls-private-key-file "$P/apiserver.key" --kubelet-certificate-authority "$P/ca.crt" \
  --kubelet-client-certificate "$P/kubelet-client.crt" --kubelet-client-key "$P/kubelet-client.key" \
  --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$P/sa.pub" \
  --service-account-signing-key-file "$P/sa.key" --authorization-mode Node,RBAC --endpoint-reconciler-type none \
  --kubelet-preferred-address-types InternalIP --shutdown-delay-duration 0s
PATH=$BIN:$PATH keep containerd "$BIN/containerd" -c containerd.toml
keep controllers "$BIN/kube-controller-manager" --kubeconfig controllers.kubeconfig --use-service-account-credentials \
  --service-account-private-key-file "$P/sa.key" --root-ca-file "$P/ca.crt" --leader-elect=false \
  --cluster-cidr 10.244.0.0/16 --allocate-node-cidrs
keep scheduler "$BIN/kube-scheduler" --kubeconfig scheduler.kubeconfig --leader-elect=false
for _ in $(seq 200); do [ -S containerd.sock ] && break; sleep 0.05; done
keep kubelet "$BIN/kubelet" --config kubelet.yaml --kubeconfig node.kubeconfig --hostname-override "$NODE_NAME" --root-dir "$STATE/kubelet" --node-ip "$NODE_IP"
keep proxy "$BIN/kube-proxy" --config proxy.yaml
for _ in $(seq 200); do "$BIN/kubectl" --kubeconfig admin.kubeconfig get namespace kube-system >/dev/null 2>&1 && break; sleep 0.2; done
"$BIN/kubectl" --kubeconfig admin.kubeconfig apply -f "$STATE/storage.yaml" >log/storage-apply.log 2>&1
# Pods reach the API server by its Service. Nobody else says where that is, because its reconciler is off.
cat >"$STATE/apiserver.yaml" <<YAML
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
endpoints: [{addresses: [$NODE_IP], conditions: {ready: true}}]
ports: [{name: https, port: 6443, protocol: TCP}]
YAML
# The namespace default comes after kube-system, and nobody waits for it.
(for _ in $(seq 200); do "$BIN/kubectl" --kubeconfig admin.kubeconfig apply -f apiserver.yaml && break; sleep 0.2; done) \
  >log/apiserver-apply.log 2>&1 </dev/null &
# The provisioner writes its volumes with an open mode, so that a user without root can use them.
POD_NAMESPACE=kube-system keep provisioner "$BIN/local-path-provisioner" start --config "$STATE/storage.json" \
  --helper-image localhost/shell:1 --namespace kube-system --kubeconfig admin.kubeconfig \
  --helper-pod-file "$STATE/storage-helper.yaml" --service-account-name local-path-helper
wait
