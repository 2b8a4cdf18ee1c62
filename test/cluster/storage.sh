# Dynamic volumes: two storage classes of one provisioner, so that choosing a class means something. Sourced.
# The second one keeps its volumes and lets claims grow: a directory has no size, so there is nothing to resize on the way.
# The provisioner's directories are open to every user, which is what lets a pod without root write to them.

write_storage() {
  mkdir -p "$STATE/volumes"
  cat >"$STATE/storage.json" <<JSON
{"storageClassConfigs": {
  "ws-local": {"nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": ["$STATE/volumes/local"]}]},
  "ws-retain": {"nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": ["$STATE/volumes/retain"]}]}}}
JSON
  cat >"$STATE/storage-helper.yaml" <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: helper-pod}
spec:
  containers:
    - {name: helper-pod, image: "localhost/shell:1", imagePullPolicy: Never}
YAML
  cat >"$STATE/storage.yaml" <<'YAML'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: ws-local
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: rancher.io/local-path
volumeBindingMode: WaitForFirstConsumer
reclaimPolicy: Delete
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: ws-retain}
provisioner: rancher.io/local-path
allowVolumeExpansion: true
volumeBindingMode: WaitForFirstConsumer
reclaimPolicy: Retain
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: local-path-helper, namespace: kube-system}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: local-path-config, namespace: kube-system}
data:
  setup: |-
    #!/bin/sh
    set -eu
    mkdir -m 0777 -p "$VOL_DIR"
  teardown: |-
    #!/bin/sh
    set -eu
    rm -rf "$VOL_DIR"
YAML
}
