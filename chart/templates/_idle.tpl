{{/* Of the second pod, which lets an idle workspace sleep, and stops one whose time is over. */}}

{{- define "ws.span.seconds" -}}
{{ mul (regexFind "^[0-9]+" . | int64) (index (dict "s" 1 "m" 60 "h" 3600) (regexFind "[smh]$" .)) }}
{{- end }}

{{/* Not the name of the workspace's own pod: its Service must not lead here. */}}
{{- define "ws.idle.selector" -}}
app.kubernetes.io/name: ws-workspace-idle
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "ws.idle.labels" -}}
{{ include "ws.idle.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Asks the server for how long nothing has worked, and for how long it may still run, and scales to 0 when that says so. No
answer counts as work. The account's token goes to curl through its input, because arguments can be seen. It applies on
the server's side: only then the API server writes down who has set a number of 0, and by that `ws` knows whether it may
wake the workspace.
*/}}
{{- define "ws.idle.script" -}}
account=/var/run/secrets/kubernetes.io/serviceaccount
# address SERVICE: from the environment, because a cluster may have no DNS; else by name.
address() { local name=${1^^}; printenv "${name//-/_}_SERVICE_HOST" || echo "$1"; }
bracket() { case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac; }
metrics=http://$(bracket "$(address {{ include "ws.metrics" . }})"):{{ .Values.service.metricsPort }}/metrics
api=https://$(bracket "$KUBERNETES_SERVICE_HOST"):$KUBERNETES_SERVICE_PORT
scale="$api/apis/apps/v1/namespaces/{{ .Release.Namespace }}/deployments/{{ include "ws.fullname" . }}/scale"
apply={{ dict "apiVersion" "autoscaling/v1" "kind" "Scale" "metadata" (dict "name" (include "ws.fullname" .)) "spec" (dict "replicas" 0) | toJson | squote }}
# seconds METRIC: what the server said last; nothing where it said nothing.
seconds() { sed -n "s/^$1 \([0-9]\{1,10\}\)\$/\1/p" <<<"$said"; }
# stop MANAGER WORDS: scales to 0 in the manager's name.
stop() {
  printf 'header = "Authorization: Bearer %s"\n' "$(<"$account/token")" |
    curl -fsS --max-time 30 --cacert "$account/ca.crt" --config - -o /dev/null -X PATCH \
      -H 'content-type: application/apply-patch+yaml' --data "$apply" "$scale?fieldManager=$1&force=true" &&
    echo "$2"
}
while :; do
  said=$(curl -fs --max-time 10 "$metrics")
  {{- with .Values.idle.stopAfter }}
  idle=$(seconds ws_idle_seconds)
  if [ "${idle:-0}" -ge {{ include "ws.span.seconds" . }} ]; then
    stop ws-idle "It sleeps: nothing has worked in it for $idle s"
  fi
  {{- end }}
  {{- with .Values.idle.endAfter }}
  left=$(seconds ws_time_left_seconds)
  if [ "${left:-1}" -eq 0 ]; then
    stop ws-end "It stops: its {{ . }} are over"
  fi
  {{- end }}
  sleep 10
done
{{- end }}
