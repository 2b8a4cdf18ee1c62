{{- define "ws.selector" -}}
app.kubernetes.io/name: ws-workspace
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* ws.labels (list CONTEXT COMPONENT) */}}
{{- define "ws.labels" -}}
{{- $context := index . 0 -}}
{{ include "ws.selector" $context }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/version: {{ $context.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $context.Release.Service }}
helm.sh/chart: {{ $context.Chart.Name }}-{{ $context.Chart.Version }}
ws.dev/workspace: {{ include "ws.workspace" $context }}
{{- with $context.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
