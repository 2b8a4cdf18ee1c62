{{/*
ws.deployed: the release's Deployment as the cluster has it, as JSON. It is empty at an install, and where no cluster is
asked. The answer is kept, because each look takes Helm some requests.
*/}}
{{- define "ws.deployed" -}}
{{- if not (hasKey .Values "deployed") -}}
{{- $deployed := dict -}}
{{- if not .Release.IsInstall -}}
{{- $deployed = lookup "apps/v1" "Deployment" .Release.Namespace (include "ws.fullname" .) | default dict -}}
{{- end -}}
{{- $_ := set .Values "deployed" (toJson $deployed) -}}
{{- end -}}
{{- .Values.deployed -}}
{{- end }}
