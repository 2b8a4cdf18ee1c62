{{/*
Where the pod runs, and whose rights pull its image. The test's pod uses the same. The account is always written: the
API server copies it to the deprecated field serviceAccount, and from there back to a manifest without one. So an
upgrade could not take a wrong one back.
*/}}
{{- define "ws.placement" -}}
automountServiceAccountToken: false
serviceAccountName: {{ .Values.serviceAccountName | default "default" | quote }}
{{- include "ws.placement.where" . }}
{{- end }}

{{/* The same without the account, for the pod that has its own. */}}
{{- define "ws.placement.where" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.runtimeClassName }}
runtimeClassName: {{ . | quote }}
{{- end }}
{{- if not (kindIs "invalid" .Values.hostUsers) }}
hostUsers: {{ .Values.hostUsers }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
