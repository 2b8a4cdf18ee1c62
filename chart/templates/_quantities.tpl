{{/* A Kubernetes quantity of bytes as a number, to compare. */}}
{{- define "ws.bytes" -}}
{{- $units := dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 -}}
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
{{- if and $storage (lt (include "ws.bytes" $storage | float64) (include "ws.bytes" $size | float64)) -}}
{{ $storage }} (resources.limits.ephemeral-storage, less than home.sizeLimit {{ $size }})
{{- else -}}
{{ $size }}
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
{{- else if and $limit (lt (include "ws.bytes" $limit | float64) (include "ws.bytes" "4Gi" | float64)) -}}
{{- divf (include "ws.bytes" $limit | float64) 4 | floor | int64 -}}
{{- else -}}
1Gi
{{- end -}}
{{- end }}

{{/* A quantity of CPU as a number of cores, to compare. */}}
{{- define "ws.cores" -}}
{{- $text := toString . -}}
{{- if hasSuffix "m" $text -}}
{{- divf (trimSuffix "m" $text | float64) 1000 -}}
{{- else -}}
{{- float64 $text -}}
{{- end -}}
{{- end }}

{{/*
ws.resources: what the workspace requests and may use. A request above its limit becomes the limit, because the API
server refuses it. So who lowers a limit need not know what the workspace requests.
*/}}
{{- define "ws.resources" -}}
{{- $resources := deepCopy .Values.resources -}}
{{- range $name, $limit := .Values.resources.limits -}}
{{- $request := dig "requests" $name nil $resources -}}
{{- $toNumber := ternary "ws.cores" "ws.bytes" (eq $name "cpu") -}}
{{- if and $limit $request -}}
{{- if gt (include $toNumber $request | float64) (include $toNumber $limit | float64) -}}
{{- $_ := set $resources.requests $name $limit -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end }}
