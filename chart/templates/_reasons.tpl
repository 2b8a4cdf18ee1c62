{{/* ws.reasons: the lines that show why the workspace does not come up. */}}
{{- define "ws.reasons" -}}
{{- $kubectl := printf "kubectl --namespace %s" .Release.Namespace -}}
{{ $kubectl }} describe deployment,replicaset,pod,pvc --show-events --selector {{ include "ws.selector" . | replace ": " "=" | replace "\"" "" | replace "\n" "," }}
{{ $kubectl }} logs deploy/{{ include "ws.fullname" . }}
{{- end }}
