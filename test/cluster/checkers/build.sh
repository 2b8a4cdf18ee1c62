#!/usr/bin/env bash
# Builds the checkers of chart, Dockerfile and workflows: kube-score, kubeconform, the Pod Security evaluator and actionlint from the Go modules here,
# checkov, hadolint and zizmor into a Python environment. Prints the folder of the programs; a folder is named by its inputs and made once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../paths.sh"
key=$(cd "$here" && cat ./*/go.mod pod-security/main.go requirements.txt build.sh | sha256sum | cut -c1-16)
target=$CACHE_HOME/checkers/$key
[ -x "$target/bin/checkov" ] && { echo "$target/bin"; exit 0; }

command -v go >/dev/null || die "Go is not installed" "the chart's checkers are built from source" "apt-get install golang-go"
python3 -c 'import venv, ensurepip' 2>/dev/null || die "Python cannot make environments" "checkov is a Python program" "apt-get install python3-venv"
mkdir -p "$CACHE_HOME/checkers"
exec 9>"$target.lock"
flock 9
[ -x "$target/bin/checkov" ] && { echo "$target/bin"; exit 0; }
say 'Building kube-score, kubeconform, the Pod Security evaluator, actionlint, checkov, hadolint and zizmor (about 5 minutes the first time on 2 cores)'
rm -rf "$target"
mkdir -p "$target/bin"
# A Python environment cannot be moved, so it is made in its place; checkov's link, made last, says that all is there.
trap '[ -x "$target/bin/checkov" ] || rm -rf "$target"' EXIT
build() { (cd "$here/$1" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$target/bin/" "${@:2}"); }
# A module of its own: it needs an older Kubernetes API than the evaluator.
build kube-score github.com/zegl/kube-score/cmd/kube-score
build actionlint github.com/rhysd/actionlint/cmd/actionlint
build pod-security . github.com/yannh/kubeconform/cmd/kubeconform
python3 -m venv "$target/python" >&2
"$target/python/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
ln -s ../python/bin/hadolint "$target/bin/hadolint"
ln -s ../python/bin/zizmor "$target/bin/zizmor"
ln -s ../python/bin/checkov "$target/bin/checkov"
echo "$target/bin"
