{{/* Prints one line per check, with its requirement. The exit status is the number of failures. */}}
{{- define "ws.test.script" -}}
failed=0
check() { # ID WHAT COMMAND...
  local id=$1 what=$2; shift 2
  if "$@"; then echo "ok   $id $what"; else echo "FAIL $id $what"; failed=$((failed + 1)); fi
}
# address SERVICE: from the environment, else by name.
address() { local name=${1^^}; printenv "${name//-/_}_SERVICE_HOST" || echo "$1"; }
ssh_host=$(address {{ include "ws.fullname" . }})
base=http://$(address {{ include "ws.metrics" . }}):{{ .Values.service.metricsPort }}
# Its reason once, and not at each try.
get() { curl -fs --max-time 10 --retry 30 --retry-delay 1 --retry-all-errors "$base/$1" || { echo "no answer from $base/$1" >&2; return 1; }; }
answers() { get "$1" >/dev/null; }
# Also of one that answers that it is not ready.
is_silent() { ! curl -s --max-time 10 -o /dev/null "$base/readyz"; }
metric() { grep -Eq "^$1(\{[^}]*\})? [0-9]" <<<"$metrics"; }
greets() { local line; exec 3<>"/dev/tcp/$ssh_host/{{ .Values.service.port }}" && read -r -t 10 line <&3 && exec 3>&- && [[ $line = SSH-2.0-* ]]; }
# Without a key, the server can only say what it would accept. A false server gets nothing that it could use.
methods() {
  ssh -v -p {{ .Values.service.port }} -l {{ .Values.user.name }} -o BatchMode=yes -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o PubkeyAuthentication=no "$ssh_host" true 2>&1 | sed -n 's/.*can continue: *//p' | tr -d '\r'
}
has_key() { ssh-keygen -l -f /run/secrets/ws/authorized-keys/authorized_keys >/dev/null; }
public_keys_only() { [ "$(methods)" = publickey ]; }

check Q1P4-HEALTH 'ready' answers readyz
if [ "$failed" != 0 ] && is_silent; then
  echo 'Nobody answers, so the rest is not checked. If the workspace sleeps or is stopped (0/0), this starts it:'
  echo '  kubectl --namespace {{ .Release.Namespace }} get deployment/{{ include "ws.fullname" . }}'
  echo '  kubectl --namespace {{ .Release.Namespace }} scale deployment/{{ include "ws.fullname" . }} --replicas=1'
  echo 'Otherwise these show why it does not come up:'
  {{- range splitList "\n" (include "ws.reasons" .) }}
  echo '  {{ . }}'
  {{- end }}
  exit "$failed"
fi
check Q1P4-HEALTH 'alive' answers healthz
metrics=$(get metrics)
check F7C8-METRICS 'connection count' metric ws_connections
check F7C8-METRICS 'memory' metric ws_memory_bytes
check F7C8-METRICS 'CPU' metric ws_cpu_seconds_total
check F7C8-METRICS 'free space of the home' metric ws_home_free_bytes
check W9F5-SERVICE 'the Service leads to an SSH server' greets
check L6H3-KEYAUTH 'only public keys log in' public_keys_only
# The server passes over lines that hold no key, and would run with nothing else as well.
check L6H3-KEYAUTH 'a key is authorized' has_key
check X2K7-RESTRICT 'the pod runs without root and without capabilities' \
  bash -c '[ "$(id -u)" != 0 ] && grep -Eq "^CapEff:\s0+$" /proc/self/status && ! touch /probe 2>/dev/null'
{{- if not (kindIs "invalid" .Values.user.uid) }}
check Z2S7-UID '{{ .Values.user.name }} is {{ int64 .Values.user.uid }}' [ "$(id -un):$(id -u)" = {{ .Values.user.name }}:{{ int64 .Values.user.uid }} ]
check A9T3-GID 'the group is {{ int64 .Values.user.gid }}' [ "$(id -g)" = {{ int64 .Values.user.gid }} ]
{{- else }}
check Y4F1-USER 'the UID that the namespace gave is {{ .Values.user.name }}' [ "$(id -un)" = {{ .Values.user.name }} ]
{{- end }}
exit "$failed"
{{- end }}
