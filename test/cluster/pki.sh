# Certificates and kubeconfigs of one cluster, in $STATE/pki. Sourced; needs paths.sh, $STATE, $NODE_IP and $NODE_NAME.

make_pki() {
  PKI=$STATE/pki
  mkdir -p "$PKI"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=ws-test-$NAME" \
    -keyout "$PKI/ca.key" -out "$PKI/ca.crt" 2>/dev/null
  certificate apiserver /CN=apiserver "IP:127.0.0.1,IP:10.96.0.1,IP:$NODE_IP,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  certificate admin /O=system:masters/CN=admin
  certificate controllers /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  certificate proxy /CN=system:kube-proxy
  certificate node "/O=system:nodes/CN=system:node:$NODE_NAME" "DNS:$NODE_NAME,IP:127.0.0.1,IP:$NODE_IP"
  certificate kubelet-client /O=system:masters/CN=apiserver-kubelet-client
  openssl genrsa -out "$PKI/sa.key" 2048 2>/dev/null
  openssl rsa -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub" 2>/dev/null
  local who
  for who in admin controllers scheduler proxy node; do write_kubeconfig "$who"; done
}

# certificate FILE SUBJECT [ALTERNATIVE_NAMES]
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$PKI/$1.key" -out "$PKI/$1.csr" 2>/dev/null
  openssl x509 -req -in "$PKI/$1.csr" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -CAcreateserial -days 30 -out "$PKI/$1.crt" \
    -extfile <(printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth,serverAuth\n%s' "${3:+subjectAltName=$3}") 2>/dev/null
}

# Self-contained, so that a copy of the file works anywhere on this machine.
write_kubeconfig() {
  local file=$STATE/$1.kubeconfig
  (umask 077 && cat >"$file") <<YAML
apiVersion: v1
kind: Config
current-context: ws-test-$NAME
clusters:
  - name: ws-test-$NAME
    cluster: {server: "https://$NODE_IP:6443", certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")}
users:
  - name: $1
    user: {client-certificate-data: $(base64 -w0 "$PKI/$1.crt"), client-key-data: $(base64 -w0 "$PKI/$1.key")}
contexts:
  - name: ws-test-$NAME
    context: {cluster: ws-test-$NAME, user: $1}
YAML
}
