{{/*
ws.brought: what the pod needs and values only name, as JSON: for each the value, the place in the pod, the kind, the
name, the entries that it must have, and what the chart's own volume cannot do without them. What is optional is left
out.
*/}}
{{- define "ws.brought" -}}
{{- $brought := list -}}
{{- with .Values.existingAuthorizedKeysSecret -}}
{{- $brought = append $brought (dict "value" "existingAuthorizedKeysSecret" "place" "volume authorized-keys" "kind" "Secret" "name" . "entries" (list "authorized_keys") "effect" "nobody can log in") -}}
{{- end -}}
{{- with .Values.hostKey.existingSecret -}}
{{- $brought = append $brought (dict "value" "hostKey.existingSecret" "place" "volume host-key" "kind" "Secret" "name" . "entries" (list "ssh_host_key") "effect" "the server cannot start") -}}
{{- end -}}
{{- if eq .Values.home.type "existingClaim" -}}
{{- $brought = append $brought (dict "value" "home.existingClaim" "place" "volume home" "kind" "PersistentVolumeClaim" "name" .Values.home.existingClaim "entries" list) -}}
{{- end -}}
{{- with .Values.extraCaCertificates.existingConfigMap -}}
{{- $brought = append $brought (dict "value" "extraCaCertificates.existingConfigMap" "place" "volume certificates" "kind" "ConfigMap" "name" . "entries" list) -}}
{{- end -}}
{{- range $index, $volume := .Values.extraVolumes -}}
{{- range include "ws.brought.named" (list "volume" $volume) | fromJsonArray -}}
{{- $brought = append $brought (merge (dict "value" (printf "extraVolumes[%d]" $index)) .) -}}
{{- end -}}
{{- end -}}
{{- range $index, $variable := .Values.extraEnv -}}
{{- range include "ws.brought.named" (list "variable" $variable) | fromJsonArray -}}
{{- $brought = append $brought (merge (dict "value" (printf "extraEnv[%d]" $index)) .) -}}
{{- end -}}
{{- end -}}
{{- toJson $brought -}}
{{- end }}

{{/*
ws.brought.named (list WHAT PLACE): what a volume or a variable names, each as ws.brought has it. It stands in the
volume, in a source of a projected one, or in valueFrom. The API server checks the rest of their form.
*/}}
{{- define "ws.brought.named" -}}
{{- $what := index . 0 -}}
{{- $place := index . 1 -}}
{{- $kinds := dict "secret" "Secret" "secretKeyRef" "Secret" "configMap" "ConfigMap" "configMapKeyRef" "ConfigMap" "persistentVolumeClaim" "PersistentVolumeClaim" -}}
{{- $named := list -}}
{{- $sources := list -}}
{{- if kindIs "map" $place -}}
{{- $sources = list $place $place.valueFrom -}}
{{- if kindIs "map" $place.projected }}{{ if kindIs "slice" $place.projected.sources }}{{ $sources = concat $sources $place.projected.sources }}{{ end }}{{ end -}}
{{- end -}}
{{- range $source := $sources -}}
{{- if kindIs "map" $source -}}
{{- range $field, $kind := $kinds -}}
{{- $body := index $source $field -}}
{{- if kindIs "map" $body -}}
{{- $name := coalesce $body.secretName $body.claimName $body.name -}}
{{- $entries := list -}}
{{- with $body.key }}{{ $entries = append $entries . }}{{ end -}}
{{- if kindIs "slice" $body.items }}{{ range $body.items }}{{ if kindIs "map" . }}{{ $entries = append $entries .key }}{{ end }}{{ end }}{{ end -}}
{{- if and $name (kindIs "string" $name) (not $body.optional) -}}
{{- $named = append $named (dict "place" (printf "%s %s" $what (toString $place.name)) "kind" $kind "name" $name "entries" $entries) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $named -}}
{{- end }}

{{/*
ws.brought.before: what the release's pod names now, as JSON: each place with its kind and name, and with each entry. An
entry of the chart's own volumes is not in the pod, so these count without one.
*/}}
{{- define "ws.brought.before" -}}
{{- $before := dict -}}
{{- with dig "spec" "template" "spec" dict (include "ws.deployed" . | fromJson) -}}
{{- $named := list -}}
{{- range .volumes }}{{ $named = concat $named (include "ws.brought.named" (list "volume" .) | fromJsonArray) }}{{ end -}}
{{- range .containers }}{{ range .env }}{{ $named = concat $named (include "ws.brought.named" (list "variable" .) | fromJsonArray) }}{{ end }}{{ end -}}
{{- range $named -}}
{{- $object := join "/" (list .place .kind .name) -}}
{{- $_ := set $before $object true -}}
{{- range .entries }}{{ $_ := set $before (join "/" (list $object .)) true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toJson $before -}}
{{- end }}

{{/*
ws.brought.faults: what of it the cluster does not have, as JSON: its value, a clause about it, the way out, and whether
this upgrade is refused, because it is the first to name it. Only the release's Deployment proves that somebody looked:
without a cluster nothing is found. A claim is looked for only when it is named first, so that a later upgrade need not
be allowed to read it.
*/}}
{{- define "ws.brought.faults" -}}
{{- if not (hasKey .Values "broughtFaults") -}}
{{- $faults := list -}}
{{- $before := include "ws.brought.before" . | fromJson -}}
{{- $isSeen := include "ws.deployed" . | fromJson | empty | not -}}
{{- range $each := include "ws.brought" . | fromJsonArray -}}
{{- $kind := $each.kind -}}
{{- $name := $each.name -}}
{{- $object := join "/" (list $each.place $kind $name) -}}
{{- $isFirst := not (hasKey $before $object) -}}
{{- if or $isFirst (ne $kind "PersistentVolumeClaim") -}}
{{- $found := lookup "v1" $kind $.Release.Namespace $name -}}
{{- $what := printf "%s %s" (ternary "claim" $kind (eq $kind "PersistentVolumeClaim")) $name -}}
{{- if not $found -}}
{{- $clause := printf "%s, which is not in namespace %s: the pod waits for it" $what $.Release.Namespace -}}
{{- $faults = append $faults (dict "value" $each.value "clause" $clause "way" "make it first" "isRefused" (and $isSeen $isFirst)) -}}
{{- else -}}
{{- $has := concat (keys ($found.data | default dict)) (keys ($found.binaryData | default dict)) | sortAlpha -}}
{{- range $entry := $each.entries -}}
{{- if not (has $entry $has) -}}
{{- $isNew := or $isFirst (not (or $each.effect (hasKey $before (join "/" (list $object $entry))))) -}}
{{- $clause := printf "%s, which has no entry %s, but %s: %s" $what $entry (join ", " $has | default "nothing") ($each.effect | default "the pod waits for it") -}}
{{- $faults = append $faults (dict "value" $each.value "clause" $clause "way" "add the entry first" "isRefused" (and $isSeen $isNew)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .Values "broughtFaults" (toJson $faults) -}}
{{- end -}}
{{- .Values.broughtFaults -}}
{{- end }}

{{/* ws.brought.isThere (list CONTEXT VALUE): whether nothing is known against what the value names. */}}
{{- define "ws.brought.isThere" -}}
{{- $value := index . 1 -}}
{{- $isThere := "yes" -}}
{{- range include "ws.brought.faults" (index . 0) | fromJsonArray }}{{ if eq .value $value }}{{ $isThere = "" }}{{ end }}{{ end -}}
{{- $isThere -}}
{{- end }}

{{/*
ws.validate.brought: an upgrade ends a pod that runs, so it may not begin to name what is not there. At an install GitOps
may bring it later, and there is no pod to lose; the notes say so.
*/}}
{{- define "ws.validate.brought" -}}
{{- range include "ws.brought.faults" . | fromJsonArray -}}
{{- if .isRefused -}}
{{- fail (printf "%s names %s; correct the name, or %s" .value .clause .way) -}}
{{- end -}}
{{- end -}}
{{- end }}
