{{- define "ws.volumeMounts" -}}
{{ include "ws.usersMounts" . }}
# Folders, not files: otherwise a changed Secret never reaches a running pod.
- {name: authorized-keys, mountPath: /run/secrets/ws/authorized-keys, readOnly: true}
- {name: host-key, mountPath: /run/secrets/ws/host-key, readOnly: true}
- {name: runtime, mountPath: /run/ws}
{{ include "ws.home.volumeMount" . }}
{{- if not (include "ws.sharedMemory.isBrought" .) }}
- {name: shared-memory, mountPath: /dev/shm}
{{- end }}
- {name: tmp, mountPath: /tmp}
- {name: var-tmp, mountPath: /var/tmp}
{{- if include "ws.hasCertificates" . }}
- {name: certificates, mountPath: /run/secrets/ws/certificates, readOnly: true}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ws.volumes" -}}
{{ include "ws.usersVolume" . }}
- name: authorized-keys
  secret: {secretName: {{ include "ws.authorizedKeys" . | quote }}}
- name: host-key
  secret: {secretName: {{ include "ws.hostKey" . | quote }}}
- name: runtime
  emptyDir: {medium: Memory, sizeLimit: 16Mi}
- name: home
  {{- if eq .Values.home.type "emptyDir" }}
  emptyDir: {sizeLimit: {{ .Values.home.sizeLimit | quote }}}
  {{- else }}
  persistentVolumeClaim: {claimName: {{ include "ws.home.claim" . | quote }}}
  {{- end }}
{{- if not (include "ws.sharedMemory.isBrought" .) }}
- name: shared-memory
  emptyDir: {medium: Memory, sizeLimit: {{ include "ws.sharedMemory" . | quote }}}
{{- end }}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.temporarySizeLimit | quote }}}
- name: var-tmp
  emptyDir: {sizeLimit: {{ .Values.temporarySizeLimit | quote }}}
{{- if include "ws.hasCertificates" . }}
- name: certificates
  configMap: {name: {{ include "ws.certificates" . | quote }}}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ws.hasCertificates" -}}
{{- if or .Values.extraCaCertificates.pem .Values.extraCaCertificates.existingConfigMap }}yes{{ end -}}
{{- end }}

{{/*
Not at the home itself, because the root of a volume belongs to root. The server makes the home and Homebrew's prefix in
it.
*/}}
{{- define "ws.home.volumeMount" -}}
- name: home
  mountPath: {{ include "ws.home.mount" . }}
  {{- with .Values.home.subPath }}
  subPath: {{ . | quote }}
  {{- end }}
{{- end }}

{{/* Values may mount a volume of their own there. Before the chart had one, they had to. */}}
{{- define "ws.sharedMemory.isBrought" -}}
{{- range .Values.extraVolumeMounts }}{{ if eq (trimSuffix "/" (toString .mountPath)) "/dev/shm" }}yes{{ end }}{{ end -}}
{{- end }}

{{/*
Whether values mount something inside the home. The container runtime would then make the home's folder, as root, before
the server could. So an init container makes it first, as the user.
*/}}
{{- define "ws.home.isMountedInto" -}}
{{- $home := printf "%s/" (include "ws.home.mount" .) -}}
{{- range .Values.extraVolumeMounts }}{{ if hasPrefix $home (toString .mountPath) }}yes{{ end }}{{ end -}}
{{- end }}

{{- define "ws.home.container" -}}
- name: home
  image: {{ include "ws.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy | quote }}
  command: [/usr/local/bin/node, --disable-sigusr1, /opt/ws/supervisor.mjs, home]
  env: {{- include "ws.userEnv" . | nindent 4 }}
  securityContext: {{- include "ws.containerSecurity" . | nindent 4 }}
  resources: {{- include "ws.resources" . | nindent 4 }}
  volumeMounts:
    {{- include "ws.home.volumeMount" . | nindent 4 }}
{{- end }}
