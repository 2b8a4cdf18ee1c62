{{- define "ws.userEnv" -}}
- {name: WS_USER, value: {{ .Values.user.name | quote }}}
- {name: WS_HOME, value: {{ include "ws.home.path" . | quote }}}
- {name: WS_SHELL, value: {{ .Values.user.shell | quote }}}
{{- end }}

{{/* The user that the pod runs as. Without a UID in values, the namespace assigns UID and groups. */}}
{{- define "ws.podSecurity" -}}
runAsNonRoot: true
{{- if not (kindIs "invalid" .Values.user.uid) }}
runAsUser: {{ int64 .Values.user.uid }}
runAsGroup: {{ int64 .Values.user.gid }}
# Kubernetes gives the volume to this group, so the home is writable without root in the pod.
fsGroup: {{ int64 .Values.user.gid }}
{{- end }}
# Kubernetes must not walk a home of a million files at each start.
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "ws.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
{{- if not (kindIs "invalid" .Values.user.uid) }}
runAsUser: {{ int64 .Values.user.uid }}
runAsGroup: {{ int64 .Values.user.gid }}
{{- end }}
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* The volume of passwd and group. */}}
{{- define "ws.usersVolume" -}}
- name: users
  {{- if kindIs "invalid" .Values.user.uid }}
  emptyDir: {medium: Memory, sizeLimit: 1Mi}
  {{- else }}
  configMap: {name: {{ include "ws.users" . | quote }}}
  {{- end }}
{{- end }}

{{- define "ws.usersMounts" -}}
- {name: users, mountPath: /etc/passwd, subPath: passwd, readOnly: true}
- {name: users, mountPath: /etc/group, subPath: group, readOnly: true}
{{- end }}

{{/*
ws.usersContainer (list CONTEXT RESOURCES). Nobody knows the UID before the pod runs. So this init container writes
passwd and group, running as that user.
*/}}
{{- define "ws.usersContainer" -}}
{{- $resources := index . 1 -}}
{{- with index . 0 -}}
- name: users
  image: {{ include "ws.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy | quote }}
  command: [/usr/local/bin/node, --disable-sigusr1, /opt/ws/supervisor.mjs, users, /run/ws-users]
  env: {{- include "ws.userEnv" . | nindent 4 }}
  securityContext: {{- include "ws.containerSecurity" . | nindent 4 }}
  resources: {{- $resources | nindent 4 }}
  volumeMounts:
    - {name: users, mountPath: /run/ws-users}
{{- end -}}
{{- end }}
