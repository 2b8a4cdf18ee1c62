{{- define "ws.pod" -}}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ int64 .Values.terminationGracePeriodSeconds }}
{{ include "ws.placement" . }}
securityContext: {{- include "ws.podSecurity" . | nindent 2 }}
{{- if or (kindIs "invalid" .Values.user.uid) (include "ws.home.isMountedInto" .) }}
initContainers:
  {{- if kindIs "invalid" .Values.user.uid }}
  {{- include "ws.usersContainer" (list . (include "ws.resources" .)) | nindent 2 }}
  {{- end }}
  {{- if include "ws.home.isMountedInto" . }}
  {{- include "ws.home.container" . | nindent 2 }}
  {{- end }}
{{- end }}
containers:
  - name: workspace
    image: {{ include "ws.image" . | quote }}
    imagePullPolicy: {{ .Values.image.pullPolicy | quote }}
    ports:
      - {name: ssh, containerPort: {{ .Values.ssh.port }}}
      - {name: metrics, containerPort: 9222}
    env:
      {{- include "ws.userEnv" . | nindent 6 }}
      - {name: WS_WORKSPACE, value: {{ include "ws.workspace" . | quote }}}
      - {name: WS_HOME_KIND, value: {{ ternary "emptyDir" "claim" (eq .Values.home.type "emptyDir") }}}
      - {name: WS_SSH_PORT, value: {{ int64 .Values.ssh.port | quote }}}
      - {name: WS_LOGIN_GRACE_SECONDS, value: {{ int64 .Values.ssh.loginGraceSeconds | quote }}}
      - {name: WS_KEEPALIVE_SECONDS, value: {{ int64 .Values.ssh.keepaliveSeconds | quote }}}
      - {name: WS_RESUME_SECONDS, value: {{ int64 .Values.ssh.resumeSeconds | quote }}}
      - {name: WS_MAX_CONNECTIONS, value: {{ int64 .Values.ssh.maxConnections | quote }}}
      - {name: WS_MAX_UNAUTHENTICATED, value: {{ int64 .Values.ssh.maxUnauthenticated | quote }}}
      - {name: WS_GRACE_PERIOD_SECONDS, value: {{ int64 .Values.terminationGracePeriodSeconds | quote }}}
      - {name: WS_MEMORY_KILL_PERCENT, value: {{ int64 .Values.memoryKillPercent | quote }}}
      - {name: WS_RESTORE_SESSIONS, value: {{ .Values.sessions.restore | quote }}}
      {{- if .Values.idle.stopAfter }}
      - {name: WS_IDLE_STOP_SECONDS, value: {{ include "ws.span.seconds" .Values.idle.stopAfter | quote }}}
      {{- end }}
      {{- if .Values.idle.endAfter }}
      - {name: WS_END_AFTER_SECONDS, value: {{ include "ws.span.seconds" .Values.idle.endAfter | quote }}}
      {{- end }}
      - {name: WS_LOG_LEVEL, value: {{ .Values.logLevel | quote }}}
      - {name: WS_VERSION, value: {{ .Chart.AppVersion | quote }}}
      {{- if .Values.extraEnv }}
      - {name: WS_SESSION_ENVIRONMENT, value: {{ include "ws.names" .Values.extraEnv | quote }}}
      {{- toYaml .Values.extraEnv | nindent 6 }}
      {{- end }}
      {{- if include "ws.hasCertificates" . }}
      - {name: WS_EXTRA_CA_DIRECTORY, value: /run/secrets/ws/certificates}
      {{- end }}
    securityContext: {{- include "ws.containerSecurity" . | nindent 6 }}
    resources: {{- include "ws.resources" . | nindent 6 }}
    # Waits until the server answers, for two seconds at most, and never fails: the probes report a server that is late.
    # The kubelet probes once a second, and again as soon as this ends. So the pod is ready when its server is. `read`
    # from a silent socket replaces `sleep`, which would start one process per try beside a starting server.
    lifecycle:
      postStart:
        exec:
          command:
          - /bin/bash
          - -c
          - |
            exec 9<>/dev/udp/127.0.0.1/9
            for try in {1..100}; do
              { exec 3<>/dev/tcp/127.0.0.1/9222; } 2>/dev/null && break
              read -r -t 0.02 -u 9
            done
            { printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3 && read -r -t 2 <&3; } 2>/dev/null
            exit 0
    # Once a second, and without a startup probe, which would cost one more second. An answer costs next to nothing,
    # because the server checks itself at most every ten seconds. Fifteen failures are half a minute without an answer:
    # a build that takes every core must not take its workspace out of the Service.
    readinessProbe:
      httpGet: {path: /readyz, port: metrics}
      periodSeconds: 1
      timeoutSeconds: 2
      failureThreshold: 15
    # Two minutes, because neither a slow start nor a build that takes every core may restart a workspace.
    livenessProbe:
      httpGet: {path: /healthz, port: metrics}
      periodSeconds: 20
      timeoutSeconds: 10
      failureThreshold: 6
    volumeMounts: {{- include "ws.volumeMounts" . | nindent 6 }}
volumes: {{- include "ws.volumes" . | nindent 2 }}
{{- end }}

{{/* The names of env entries, in the form that the server reads. */}}
{{- define "ws.names" -}}
{{- $names := list -}}
{{- range . }}{{ $names = append $names .name }}{{ end -}}
{{ join "," $names }}
{{- end }}
