{{/* Every name of the chart. Nothing else builds a name. */}}

{{- define "ws.fullname" -}}{{ .Release.Name }}{{- end }}
{{- define "ws.metrics" -}}{{ if eq .Values.service.type "ClusterIP" }}{{ include "ws.fullname" . }}{{ else }}{{ include "ws.fullname" . }}-metrics{{ end }}{{- end }}
{{- define "ws.test" -}}{{ include "ws.fullname" . }}-test{{- end }}
{{- define "ws.idle" -}}{{ include "ws.fullname" . }}-idle{{- end }}
{{- define "ws.workspace" -}}{{ .Values.workspace | default (trimPrefix "ws-" .Release.Name) }}{{- end }}
{{- define "ws.users" -}}{{ include "ws.fullname" . }}-users{{- end }}
{{- define "ws.authorizedKeys.own" -}}{{ include "ws.fullname" . }}-authorized-keys{{- end }}
{{- define "ws.authorizedKeys" -}}{{ .Values.existingAuthorizedKeysSecret | default (include "ws.authorizedKeys.own" .) }}{{- end }}
{{- define "ws.hostKey.own" -}}{{ include "ws.fullname" . }}-host-key{{- end }}
{{- define "ws.hostKey" -}}{{ .Values.hostKey.existingSecret | default (include "ws.hostKey.own" .) }}{{- end }}
{{- define "ws.home.own" -}}{{ include "ws.fullname" . }}-home{{- end }}
{{- define "ws.home.claim" -}}{{ ternary .Values.home.existingClaim (include "ws.home.own" .) (eq .Values.home.type "existingClaim") }}{{- end }}
{{- define "ws.home.named" -}}{{ ternary "emptyDir" (include "ws.home.claim" .) (eq .Values.home.type "emptyDir") }}{{- end }}
{{- define "ws.certificates" -}}{{ .Values.extraCaCertificates.existingConfigMap | default (printf "%s-certificates" (include "ws.fullname" .)) }}{{- end }}

{{/*
Where the volume, or a folder of it, is mounted, and the home in it. The server makes the home before anybody logs in.
*/}}
{{- define "ws.home.mount" -}}/home{{- end }}
{{- define "ws.home.path" -}}{{ include "ws.home.mount" . }}/{{ .Values.user.name }}{{- end }}

{{- define "ws.image" -}}
{{- $image := .Values.image -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}{{ with $image.digest }}@{{ . }}{{ end }}
{{- end }}
