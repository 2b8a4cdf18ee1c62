{{/* ws.defaults: values.yaml, written by `node test/chart/defaults.ts --write`. */}}
{{- define "ws.defaults" -}}
{
  "workspace": "",
  "image": {
    "repository": "ws-workspace",
    "tag": "",
    "digest": "",
    "pullPolicy": "IfNotPresent"
  },
  "imagePullSecrets": [],
  "user": {
    "name": "developer",
    "uid": 1000,
    "gid": 1000,
    "shell": "/bin/bash"
  },
  "authorizedKeys": [],
  "existingAuthorizedKeysSecret": "",
  "hostKey": {
    "privateKey": "",
    "existingSecret": ""
  },
  "home": {
    "type": "emptyDir",
    "sizeLimit": "10Gi",
    "storageClass": null,
    "size": null,
    "accessModes": null,
    "existingClaim": "",
    "subPath": "",
    "ignoreKept": false
  },
  "ssh": {
    "port": 2222,
    "loginGraceSeconds": 30,
    "keepaliveSeconds": 30,
    "resumeSeconds": 3600,
    "maxConnections": 1000,
    "maxUnauthenticated": 200
  },
  "service": {
    "type": "ClusterIP",
    "port": 2222,
    "nodePort": null,
    "metricsPort": 9222,
    "annotations": {},
    "loadBalancerClass": "",
    "loadBalancerSourceRanges": [],
    "externalTrafficPolicy": ""
  },
  "resources": {
    "requests": {
      "cpu": "100m",
      "memory": "256Mi",
      "ephemeral-storage": "1Gi"
    },
    "limits": {
      "cpu": "2",
      "memory": "4Gi",
      "ephemeral-storage": "20Gi"
    }
  },
  "memoryKillPercent": 92,
  "temporarySizeLimit": "4Gi",
  "sharedMemorySizeLimit": "",
  "sessions": {
    "restore": true
  },
  "idle": {
    "stopAfter": "",
    "actor": false,
    "endAfter": ""
  },
  "logLevel": "info",
  "extraEnv": [],
  "extraVolumes": [],
  "extraVolumeMounts": [],
  "extraCaCertificates": {
    "pem": "",
    "existingConfigMap": ""
  },
  "serviceAccountName": "",
  "nodeSelector": {},
  "tolerations": [],
  "affinity": {},
  "priorityClassName": "",
  "runtimeClassName": "",
  "hostUsers": null,
  "terminationGracePeriodSeconds": 30,
  "labels": {},
  "annotations": {},
  "podLabels": {},
  "podAnnotations": {},
  "podMonitor": {
    "enabled": false,
    "interval": "30s",
    "labels": {}
  }
}
{{- end }}
