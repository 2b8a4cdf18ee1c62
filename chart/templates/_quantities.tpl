{{/* ws.number QUANTITY: a Kubernetes quantity as a number of bytes, cores or pieces, to compare. */}}
{{- define "ws.number" -}}
{{- $units := dict "" 1.0 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 -}}
{{- $text := toString . -}}
{{- $unit := regexFind "[A-Za-z]*$" $text -}}
{{- mulf (trimSuffix $unit $text | float64) (get $units $unit) -}}
{{- end }}

{{/*
ws.home.limit: how much an emptyDir home may hold, and which value says so. The home also counts against the container's
limit of ephemeral storage; the kubelet evicts the pod at whichever limit comes first.
*/}}
{{- define "ws.home.limit" -}}
{{- $size := .Values.home.sizeLimit -}}
{{- $storage := index .Values.resources.limits "ephemeral-storage" -}}
{{- if and $storage (lt (include "ws.number" $storage | float64) (include "ws.number" $size | float64)) -}}
{{ include "ws.forms.text" $storage }} (resources.limits.ephemeral-storage, less than home.sizeLimit {{ include "ws.forms.text" $size }})
{{- else -}}
{{ include "ws.forms.text" $size }}
{{- end -}}
{{- end }}

{{/*
ws.sharedMemory: how much /dev/shm may hold. It counts against the memory limit. The default is a quarter of that limit,
at most 1Gi, so a program that fills it leaves enough for the others.
*/}}
{{- define "ws.sharedMemory" -}}
{{- $limit := index .Values.resources.limits "memory" -}}
{{- if .Values.sharedMemorySizeLimit -}}
{{- .Values.sharedMemorySizeLimit -}}
{{- else if and $limit (lt (include "ws.number" $limit | float64) (include "ws.number" "4Gi" | float64)) -}}
{{- divf (include "ws.number" $limit | float64) 4 | floor | int64 -}}
{{- else -}}
1Gi
{{- end -}}
{{- end }}

{{/*
ws.resources: what the workspace requests and may use. A request above its limit becomes the limit, because the API
server refuses it. So who lowers a limit need not know what the workspace requests. The init containers have the same:
they cost nothing besides, because they end before the workspace begins, and a LimitRange judges each container alone.
*/}}
{{- define "ws.resources" -}}
{{- $resources := deepCopy .Values.resources -}}
{{- range $name, $limit := .Values.resources.limits -}}
{{- $request := dig "requests" $name nil $resources -}}
{{- if and $limit $request -}}
{{- if gt (include "ws.number" $request | float64) (include "ws.number" $limit | float64) -}}
{{- $_ := set $resources.requests $name $limit -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end }}

{{/* ws.resources.scarce: the memory limit, if the server may not even start with it. */}}
{{- define "ws.resources.scarce" -}}
{{- $limit := index .Values.resources.limits "memory" -}}
{{- if and $limit (lt (include "ws.number" $limit | float64) (include "ws.number" "64Mi" | float64)) }}{{ include "ws.forms.text" $limit }}{{ end -}}
{{- end }}

{{/* ws.resources.lowered: a line for each request that is above its limit. */}}
{{- define "ws.resources.lowered" -}}
{{- $now := include "ws.resources" . | fromYaml -}}
{{- range $name, $request := .Values.resources.requests -}}
{{- $got := dig "requests" $name nil $now -}}
{{- if and $request (ne (include "ws.forms.text" $got) (include "ws.forms.text" $request)) }}
resources.requests.{{ $name }} is {{ include "ws.forms.text" $request }}, above resources.limits.{{ $name }}: the pod requests {{ include "ws.forms.text" $got }}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.testResources: what the pod of `helm test`, and the one that lets a workspace sleep, request and may use. They get what
they need, or what the workspace requests if that is more, and at most the workspace's limit: so they meet the same
LimitRange.
*/}}
{{- define "ws.testResources" -}}
{{- $workspace := include "ws.resources" . | fromYaml -}}
{{- $requests := dict -}}
{{- $limits := dict -}}
{{- range $name, $least := dict "cpu" (list "50m" "500m") "memory" (list "64Mi" "128Mi") "ephemeral-storage" (list "16Mi" "16Mi") -}}
{{- $request := first $least -}}
{{- $limit := last $least -}}
{{- with dig "requests" $name nil $workspace -}}
{{- $number := include "ws.number" . | float64 -}}
{{- if gt $number (include "ws.number" $request | float64) }}{{ $request = . }}{{ end -}}
{{- if gt $number (include "ws.number" $limit | float64) }}{{ $limit = . }}{{ end -}}
{{- end -}}
{{- with dig "limits" $name nil $workspace -}}
{{- $number := include "ws.number" . | float64 -}}
{{- if lt $number (include "ws.number" $request | float64) }}{{ $request = . }}{{ end -}}
{{- if lt $number (include "ws.number" $limit | float64) }}{{ $limit = . }}{{ end -}}
{{- end -}}
{{- $_ := set $requests $name $request -}}
{{- $_ := set $limits $name $limit -}}
{{- end -}}
{{- dict "requests" $requests "limits" $limits | toYaml -}}
{{- end }}
