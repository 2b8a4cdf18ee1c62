# The configuration files of the node's programs. Sourced by node.sh inside the cluster's own namespaces.

write_cni_config() {
  mkdir -p "$STATE/cni"
  cat >"$STATE/cni/10-bridge.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "ws", "plugins": [
  {"type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$STATE/cni/leases", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

# restrict_oom_score_adj: a machine without CAP_SYS_RESOURCE may not lower the score, and containerd would give up.
write_containerd_config() {
  cat >"$STATE/containerd.toml" <<TOML
version = 3
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
[grpc]
address = "$STATE/containerd.sock"
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "localhost/pause:1"
[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true
[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["$BIN"]
conf_dir = "$STATE/cni"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
TOML
}

# failCgroupV1 and cgroupfs: hosts without systemd or with the old hierarchy are hosts too.
# clusterDNS: there is no cluster DNS here; pods ask the machine's own resolver.
write_kubelet_config() {
  mkdir -p "$STATE/kubelet" "$STATE/logs"
  cat >"$STATE/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $STATE/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/node.crt
tlsPrivateKeyFile: $STATE/pki/node.key
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
failCgroupV1: false
failSwapOn: false
containerRuntimeEndpoint: unix://$STATE/containerd.sock
resolvConf: $STATE/resolv.conf
clusterDNS: [$(awk '/^nameserver/ {print $2; exit}' "$STATE/resolv.conf")]
clusterDomain: cluster.local
podLogsDir: $STATE/logs/pods
volumePluginDir: $STATE/kubelet/plugins
staticPodPath: ""
evictionHard: {nodefs.available: "1%", imagefs.available: "1%", memory.available: 100Mi}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
cgroupsPerQOS: true
enforceNodeAllocatable: []
syncFrequency: 10s
serializeImagePulls: false
YAML
}

write_proxy_config() {
  cat >"$STATE/proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: 10.244.0.0/16
hostnameOverride: $NODE_NAME
clientConnection: {kubeconfig: $STATE/proxy.kubeconfig}
conntrack: {maxPerCore: 0}
YAML
}
