{{/*
What kube-score and checkov are told to pass over, and why. Nothing else is.
*/}}
{{- define "ws.exceptions.deployment" -}}
# UID 1000: people's files have it elsewhere, and user.uid takes any other. One replica: a workspace is one pod, with
# one volume and one process tree, so there is nothing to replicate, roll, spread or budget. No network policy: the
# operator adds one from outside.
{{ include "ws.exceptions.kubeScore" . }}
{{ include "ws.exceptions.checkov" . }}
{{- end }}

{{- define "ws.exceptions.test" -}}
kube-score/ignore: container-security-context-user-group-id,pod-networkpolicy
{{ include "ws.exceptions.checkov" . }}
{{- end }}

{{/* Its token is what this pod is for: CKV_K8S_38 asks for pods without one. */}}
{{- define "ws.exceptions.idle" -}}
{{ include "ws.exceptions.kubeScore" . }}
{{ include "ws.exceptions.idle.checkov" . }}
{{- end }}

{{- define "ws.exceptions.idle.checkov" -}}
{{ include "ws.exceptions.checkov" . }}
checkov.io/skip3: CKV_K8S_38=its token may patch the scale of one Deployment, which is what this pod is for
{{- end }}

{{- define "ws.exceptions.checkov" -}}
checkov.io/skip1: CKV_K8S_40=UID 1000 is what people's files have elsewhere; user.uid takes any
checkov.io/skip2: CKV2_K8S_6=network policy is attached from outside by the operator
{{- end }}

{{- define "ws.exceptions.kubeScore" -}}
kube-score/ignore: container-security-context-user-group-id,deployment-replicas,deployment-strategy,deployment-has-poddisruptionbudget,deployment-has-host-podantiaffinity,pod-networkpolicy
{{- end }}
