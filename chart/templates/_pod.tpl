{{- define "ws.pod" -}}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ int64 .Values.terminationGracePeriodSeconds }}
{{ include "ws.placement" . }}
securityContext: {{- include "ws.podSecurity" . | nindent 2 }}
{{- if or (kindIs "invalid" .Values.user.uid) (include "ws.home.isMountedInto" .) }}
initContainers:
  {{- if kindIs "invalid" .Values.user.uid }}
  {{- include "ws.usersContainer" . | nindent 2 }}
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
      - {name: WS_MAX_CONNECTIONS, value: {{ int64 .Values.ssh.maxConnections | quote }}}
      - {name: WS_MAX_UNAUTHENTICATED, value: {{ int64 .Values.ssh.maxUnauthenticated | quote }}}
      - {name: WS_GRACE_PERIOD_SECONDS, value: {{ int64 .Values.terminationGracePeriodSeconds | quote }}}
      - {name: WS_MEMORY_KILL_PERCENT, value: {{ int64 .Values.memoryKillPercent | quote }}}
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
    resources: {{- toYaml .Values.resources | nindent 6 }}
    # The kubelet asks a starting server once a second, and at once when this has ended: that is when the server answers, or
    # after two seconds without an answer, which the probes then tell. It never fails. Between its tries it reads from where
    # nothing comes: a `sleep` would be one process more each time, beside a server that is just starting.
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
    # Each second, so that a workspace is ready within the second in which its server is: after a startup probe the kubelet
    # would ask once more, a second later. The server greets itself at most every ten seconds, so an answer costs it next to
    # nothing. Fifteen times in a row, which is half a minute without an answer: a build that takes every core must not take its
    # workspace out of the Service.
    readinessProbe:
      httpGet: {path: /readyz, port: metrics}
      periodSeconds: 1
      timeoutSeconds: 2
      failureThreshold: 15
    # Two minutes, for a slow start as well, and for a build that takes every core: neither may get a workspace restarted.
    livenessProbe:
      httpGet: {path: /healthz, port: metrics}
      periodSeconds: 20
      timeoutSeconds: 10
      failureThreshold: 6
    volumeMounts: {{- include "ws.volumeMounts" . | nindent 6 }}
volumes: {{- include "ws.volumes" . | nindent 2 }}
{{- end }}

{{/* Names of env entries, as the server reads them. */}}
{{- define "ws.names" -}}
{{- $names := list -}}
{{- range . }}{{ $names = append $names .name }}{{ end -}}
{{ join "," $names }}
{{- end }}
