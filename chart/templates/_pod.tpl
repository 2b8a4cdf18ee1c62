{{- define "ws.pod" -}}
{{- $random := kindIs "invalid" .Values.user.uid -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.runtimeClassName }}
runtimeClassName: {{ . }}
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
securityContext:
  runAsNonRoot: true
  {{- if not $random }}
  runAsUser: {{ int64 .Values.user.uid }}
  runAsGroup: {{ int64 .Values.user.gid }}
  # The volume becomes the group's, which is how a home is writable without root ever touching it.
  fsGroup: {{ int64 .Values.user.gid }}
  {{- end }}
  # A used home of a million files must not be walked at each start.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- if $random }}
initContainers:
  # Nobody knows the UID before the pod runs: this writes passwd and group for it, as that very user.
  - name: users
    image: {{ include "ws.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    command: [/usr/local/bin/node, /opt/ws/supervisor.mjs, users, /run/ws-users]
    env: {{- include "ws.userEnv" . | nindent 6 }}
    securityContext: {{- include "ws.containerSecurity" . | nindent 6 }}
    resources:
      requests: {cpu: 50m, memory: 64Mi, ephemeral-storage: 16Mi}
      limits: {cpu: 500m, memory: 128Mi, ephemeral-storage: 16Mi}
    volumeMounts:
      - {name: users, mountPath: /run/ws-users}
{{- end }}
containers:
  - name: workspace
    image: {{ include "ws.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    ports:
      - {name: ssh, containerPort: {{ .Values.ssh.port }}}
      - {name: metrics, containerPort: 9222}
    env:
      {{- include "ws.userEnv" . | nindent 6 }}
      - {name: WS_WORKSPACE, value: {{ include "ws.workspace" . | quote }}}
      - {name: WS_HOME_KIND, value: {{ ternary "emptyDir" "claim" (eq .Values.home.type "emptyDir") }}}
      - {name: WS_SSH_PORT, value: {{ .Values.ssh.port | quote }}}
      - {name: WS_LOGIN_GRACE_SECONDS, value: {{ .Values.ssh.loginGraceSeconds | quote }}}
      - {name: WS_KEEPALIVE_SECONDS, value: {{ .Values.ssh.keepaliveSeconds | quote }}}
      - {name: WS_MAX_CONNECTIONS, value: {{ int64 .Values.ssh.maxConnections | quote }}}
      - {name: WS_MAX_UNAUTHENTICATED, value: {{ int64 .Values.ssh.maxUnauthenticated | quote }}}
      - {name: WS_GRACE_PERIOD_SECONDS, value: {{ int64 .Values.terminationGracePeriodSeconds | quote }}}
      - {name: WS_MEMORY_KILL_PERCENT, value: {{ .Values.memoryKillPercent | quote }}}
      - {name: WS_LOG_LEVEL, value: {{ .Values.logLevel }}}
      - {name: WS_VERSION, value: {{ .Chart.AppVersion | quote }}}
      {{- if .Values.extraEnv }}
      - {name: WS_SESSION_ENVIRONMENT, value: {{ range $index, $entry := .Values.extraEnv }}{{ if $index }},{{ end }}{{ $entry.name }}{{ end }}}
      {{- toYaml .Values.extraEnv | nindent 6 }}
      {{- end }}
      {{- if include "ws.hasCertificates" . }}
      - {name: WS_EXTRA_CA_DIRECTORY, value: /run/secrets/ws/certificates}
      {{- end }}
    securityContext: {{- include "ws.containerSecurity" . | nindent 6 }}
    resources: {{- toYaml .Values.resources | nindent 6 }}
    # Each second until the first success: a workspace is ready within the second in which its server is.
    startupProbe:
      httpGet: {path: /readyz, port: metrics}
      periodSeconds: 1
      timeoutSeconds: 5
      failureThreshold: 120
    readinessProbe:
      httpGet: {path: /readyz, port: metrics}
      periodSeconds: 10
      timeoutSeconds: 5
    # Generous: a build that takes every core must not get its workspace restarted.
    livenessProbe:
      httpGet: {path: /healthz, port: metrics}
      periodSeconds: 20
      timeoutSeconds: 10
      failureThreshold: 6
    volumeMounts: {{- include "ws.volumeMounts" . | nindent 6 }}
volumes: {{- include "ws.volumes" . | nindent 2 }}
{{- end }}

{{- define "ws.hasCertificates" -}}
{{- if or .Values.extraCaCertificates.pem .Values.extraCaCertificates.existingConfigMap }}yes{{ end -}}
{{- end }}

{{- define "ws.userEnv" -}}
- {name: WS_USER, value: {{ .Values.user.name | quote }}}
- {name: WS_HOME, value: {{ include "ws.home.path" . | quote }}}
- {name: WS_SHELL, value: {{ .Values.user.shell | quote }}}
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

{{- define "ws.volumeMounts" -}}
- {name: users, mountPath: /etc/passwd, subPath: passwd, readOnly: true}
- {name: users, mountPath: /etc/group, subPath: group, readOnly: true}
# Folders, not files: a changed Secret arrives in a running pod only this way.
- {name: authorized-keys, mountPath: /run/secrets/ws/authorized-keys, readOnly: true}
- {name: host-key, mountPath: /run/secrets/ws/host-key, readOnly: true}
- {name: runtime, mountPath: /run/ws}
- name: home
  mountPath: {{ include "ws.home.path" . }}
  {{- with .Values.home.subPath }}
  subPath: {{ . }}
  {{- end }}
# The same volume again: Homebrew's prebuilt packages work only under this path.
- {name: home, mountPath: /home/linuxbrew/.linuxbrew, subPath: {{ include "ws.home.brewSubPath" . }}}
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
- name: users
  {{- if kindIs "invalid" .Values.user.uid }}
  emptyDir: {medium: Memory, sizeLimit: 1Mi}
  {{- else }}
  configMap: {name: {{ include "ws.users" . }}}
  {{- end }}
- name: authorized-keys
  secret: {secretName: {{ include "ws.authorizedKeys" . }}}
- name: host-key
  secret: {secretName: {{ include "ws.hostKey" . }}}
- name: runtime
  emptyDir: {medium: Memory, sizeLimit: 16Mi}
- name: home
  {{- if eq .Values.home.type "emptyDir" }}
  emptyDir: {sizeLimit: {{ .Values.home.sizeLimit }}}
  {{- else }}
  persistentVolumeClaim: {claimName: {{ include "ws.home.claim" . }}}
  {{- end }}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.temporarySizeLimit }}}
- name: var-tmp
  emptyDir: {sizeLimit: {{ .Values.temporarySizeLimit }}}
{{- if include "ws.hasCertificates" . }}
- name: certificates
  configMap: {name: {{ include "ws.certificates" . }}}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
