{{- define "ws.selector" -}}
app.kubernetes.io/name: ws-workspace
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/*
ws.labels (list CONTEXT COMPONENT MORE): the chart's own labels, then those of values. MORE wins over `labels`.
*/}}
{{- define "ws.labels" -}}
{{- $context := index . 0 -}}
{{ include "ws.selector" $context }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/version: {{ $context.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $context.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $context.Chart.Name $context.Chart.Version | replace "+" "_" }}
ws.dev/workspace: {{ include "ws.workspace" $context | quote }}
{{- with merge (dict) (index . 2 | default dict) $context.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
