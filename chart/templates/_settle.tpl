{{/*
ws.settle: gives each value its default that somebody set to null, and refuses bad ones, before anything reads them.
Helm takes a value away that is null, and the schema does not see it; an upgrade with --reuse-values leaves the null, so
the schema takes it everywhere. Each template begins with this, because Helm does not promise which one it renders
first. A null with a meaning stays: in `resources` it is "none", and in a map without entries of its own, such as
`labels`, it takes an entry away.
*/}}
{{- define "ws.settle" -}}
{{- if not (hasKey .Values "settled") -}}
{{- include "ws.settle.group" (list .Values (include "ws.defaults" . | fromJson) "") -}}
{{- include "ws.settle.numbers" .Values -}}
{{- include "ws.validate" . -}}
{{- $_ := set .Values "settled" true -}}
{{- end -}}
{{- end }}

{{/* ws.settle.group (list VALUES DEFAULTS PATH) */}}
{{- define "ws.settle.group" -}}
{{- $values := index . 0 -}}
{{- $at := index . 2 -}}
{{- range $key, $default := index . 1 -}}
{{- $path := ternary $key (printf "%s.%s" $at $key) (empty $at) -}}
{{- $value := index $values $key -}}
{{- if and (kindIs "invalid" $value) (regexMatch `^resources(\.[a-z]+)?$` $path) -}}
{{- $value = dict -}}
{{- $_ := set $values $key $value -}}
{{- else if and (kindIs "invalid" $value) (not (has $path (list "user.uid" "user.gid"))) (not (hasPrefix "resources." $path)) -}}
{{- $_ := set $values $key $default -}}
{{- end -}}
{{- if and (kindIs "map" $value) (or (regexMatch `^resources\.[a-z]+$` $path) (and (kindIs "map" $default) (empty $default))) -}}
{{- /* Helm takes a null away only where there is a default. */ -}}
{{- range $name, $amount := $value }}{{ if kindIs "invalid" $amount }}{{ $_ := unset $value $name }}{{ end }}{{ end -}}
{{- end -}}
{{- if and (kindIs "map" $value) (kindIs "map" $default) -}}
{{- include "ws.settle.group" (list $value $default $path) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.settle.numbers VALUE: makes each whole number in it an integer. A values file and --set-json leave a float, which
templates write as 1e+10, and Kubernetes takes an amount, but no port, in that form.
*/}}
{{- define "ws.settle.numbers" -}}
{{- $within := . -}}
{{- range $key, $value := $within -}}
{{- if or (kindIs "map" $value) (kindIs "slice" $value) -}}
{{- include "ws.settle.numbers" $value -}}
{{- else if and (kindIs "map" $within) (kindIs "float64" $value) -}}
{{- /* More than that is no integer of 64 bits. */ -}}
{{- if and (eq $value (floor $value)) (lt $value 9e18) (gt $value -9e18) }}{{ $_ := set $within $key (int64 $value) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}
