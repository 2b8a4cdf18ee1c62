{{- define "ws.volumeMounts" -}}
{{ include "ws.usersMounts" . }}
# Folders, not files: a changed Secret arrives in a running pod only this way.
- {name: authorized-keys, mountPath: /run/secrets/ws/authorized-keys, readOnly: true}
- {name: host-key, mountPath: /run/secrets/ws/host-key, readOnly: true}
- {name: runtime, mountPath: /run/ws}
- name: home
  mountPath: {{ include "ws.home.path" . }}
  {{- with .Values.home.subPath }}
  subPath: {{ . | quote }}
  {{- end }}
# The same volume again: Homebrew's prebuilt packages work only under this path.
- {name: home, mountPath: /home/linuxbrew/.linuxbrew, subPath: {{ include "ws.home.brewSubPath" . | quote }}}
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
