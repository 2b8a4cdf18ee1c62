#!/usr/bin/env bash
# Checks the chart with other people's checkers: helm's linter, the Pod Security admission plugin's evaluator,
# kube-score, checkov and kubeconform, on every permutation of values in test/chart/permutations.ts. All exceptions are
# annotations in chart/templates/_exceptions.tpl, each with its reason.
# Usage: scripts/check-chart.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
. test/cluster/paths.sh
node=node_modules/.bin/node
[ -x $node ] || die "The npm packages are not installed" "" "npm run setup"
helm_bin=${WS_TOOLCHAIN:-$(toolchain_dir)/bin}
[ -x "$helm_bin/helm" ] || die "helm is not built" "the chart is checked with the test cluster's helm 3 and 4" "npm run setup"
checkers=$(bash test/cluster/checkers/build.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# step NAME COMMAND...: shows the output of a step only if it fails.
step() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then say "✓ chart: $name"; else
    say "✗ chart: $name"
    tail -n 100 "$work/out" >&2
    failed=1
  fi
}

cat >"$work/values.yaml" <<'YAML'
authorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQPq5mDbYzvLAOnBmTvAHl3gbnCR0kc7qw0xW4Z8m2N alice@laptop"]
YAML
lint() { "$helm_bin/$1" lint --strict chart --values "$work/values.yaml" --kube-version "$KUBERNETES_VERSION"; }
step 'helm 4 lint --strict' lint helm
step 'helm 3 lint --strict' lint helm3
WS_TOOLCHAIN=$helm_bin $node test/chart/write-permutations.ts "$work/rendered"
manifests=("$work"/rendered/*.yaml)

pod_security() { cat "${manifests[@]}" | "$checkers/pod-security" restricted; }
step "Pod Security restricted, ${#manifests[@]} permutations" pod_security

# It warns about a NodePort, which the operator chose. Only critical findings fail.
step 'kube-score' "$checkers/kube-score" score "${manifests[@]}"

# It would download only links to guidelines, so it does not.
checkov() { LOG_LEVEL=CRITICAL "$checkers/checkov" --directory "$work/rendered" --framework kubernetes --quiet --compact --skip-download; }
step 'checkov' checkov

swagger=$(cd test/cluster/toolchain && go mod download -json k8s.io/kubernetes 2>/dev/null | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')/api/openapi-spec/swagger.json
if [ -f "$swagger" ]; then
  $node test/cluster/checkers/schemas.ts "$swagger" "$work/schemas"
  # PodMonitor is a custom resource, so Kubernetes has no schema for it.
  step "kubeconform against Kubernetes $KUBERNETES_VERSION" "$checkers/kubeconform" -strict -summary -skip PodMonitor \
    -schema-location "$work/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json" "${manifests[@]}"
else
  say "- chart: kubeconform is skipped: the source of Kubernetes $KUBERNETES_VERSION, which has the schemas, cannot be downloaded"
fi
exit $failed
