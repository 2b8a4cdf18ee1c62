{{/*
ws.brought: what the pod mounts and values only name, as JSON: the value, the volume, the kind, the name, and the entry
that it must have. An optional one is none.
*/}}
{{- define "ws.brought" -}}
{{- $brought := list -}}
{{- with .Values.existingAuthorizedKeysSecret -}}
{{- $brought = append $brought (list "existingAuthorizedKeysSecret" "authorized-keys" "Secret" . "authorized_keys") -}}
{{- end -}}
{{- with .Values.hostKey.existingSecret -}}
{{- $brought = append $brought (list "hostKey.existingSecret" "host-key" "Secret" . "ssh_host_key") -}}
{{- end -}}
{{- if eq .Values.home.type "existingClaim" -}}
{{- $brought = append $brought (list "home.existingClaim" "home" "PersistentVolumeClaim" .Values.home.existingClaim "") -}}
{{- end -}}
{{- with .Values.extraCaCertificates.existingConfigMap -}}
{{- $brought = append $brought (list "extraCaCertificates.existingConfigMap" "certificates" "ConfigMap" . "") -}}
{{- end -}}
{{- range $index, $volume := .Values.extraVolumes -}}
{{- range $kind, $object := include "ws.brought.named" $volume | fromJson -}}
{{- $brought = append $brought (list (printf "extraVolumes[%d]" $index) (toString $volume.name) $kind $object "") -}}
{{- end -}}
{{- end -}}
{{- toJson $brought -}}
{{- end }}

{{/* ws.brought.named VOLUME: the name of the object in it, by its kind, as JSON. */}}
{{- define "ws.brought.named" -}}
{{- $named := dict -}}
{{- if kindIs "map" . -}}
{{- $volume := . -}}
{{- range $source, $path := dict "secret" (list "Secret" "secretName") "configMap" (list "ConfigMap" "name") "persistentVolumeClaim" (list "PersistentVolumeClaim" "claimName") -}}
{{- $body := index $volume $source -}}
{{- if kindIs "map" $body -}}
{{- $name := index $body (last $path) -}}
{{- if and $name (kindIs "string" $name) (not $body.optional) }}{{ $_ := set $named (first $path) $name }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $named -}}
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
{{- $brought := include "ws.brought" . | fromJsonArray -}}
{{- $before := dict -}}
{{- $isSeen := false -}}
{{- if and $brought (not .Release.IsInstall) -}}
{{- with lookup "apps/v1" "Deployment" .Release.Namespace (include "ws.fullname" .) -}}
{{- $isSeen = true -}}
{{- range $volume := dig "spec" "template" "spec" "volumes" list . -}}
{{- range $kind, $name := include "ws.brought.named" $volume | fromJson -}}
{{- $_ := set $before (join "/" (list $volume.name $kind $name)) true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $each := $brought -}}
{{- $kind := index $each 2 -}}
{{- $name := index $each 3 -}}
{{- $entry := index $each 4 -}}
{{- $isFirst := not (hasKey $before (join "/" (list (index $each 1) $kind $name))) -}}
{{- if or $isFirst (ne $kind "PersistentVolumeClaim") -}}
{{- $found := lookup "v1" $kind $.Release.Namespace $name -}}
{{- $what := printf "%s %s" (ternary "claim" $kind (eq $kind "PersistentVolumeClaim")) $name -}}
{{- $clause := "" -}}
{{- $way := "make it first" -}}
{{- if not $found -}}
{{- $clause = printf "%s, which is not in namespace %s: the pod waits for it" $what $.Release.Namespace -}}
{{- else if and $entry (not (hasKey ($found.data | default dict) $entry)) -}}
{{- $way = "add the entry first" -}}
{{- $has := keys ($found.data | default dict) | sortAlpha | join ", " | default "nothing" -}}
{{- $clause = printf "%s, which has no entry %s, but %s: %s" $what $entry $has (ternary "nobody can log in" "the server cannot start" (eq $entry "authorized_keys")) -}}
{{- end -}}
{{- if $clause -}}
{{- $faults = append $faults (dict "value" (first $each) "clause" $clause "way" $way "isRefused" (and $isSeen $isFirst)) -}}
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
