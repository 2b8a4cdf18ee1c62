{{/*
ws.home.verify (list CONTEXT CLAIM): fails with a sentence if the existing claim cannot follow a value. Otherwise the
API server would only say "spec is immutable". An unset value means what the claim has.
*/}}
{{- define "ws.home.verify" -}}
{{- $home := (index . 0).Values.home -}}
{{- $found := index . 1 -}}
{{- if $found -}}
{{- $name := $found.metadata.name -}}
{{- if $found.metadata.deletionTimestamp -}}
{{- fail (printf "claim %s is being deleted; wait until it is gone, or use another release name" $name) -}}
{{- end -}}
{{- $class := $found.spec.storageClassName | default "" -}}
{{- if and (not (kindIs "invalid" $home.storageClass)) (ne $home.storageClass $class) -}}
{{- fail (printf "home.storageClass is %q but claim %s has class %q, and a claim cannot change its class; use another release name, or copy the home" $home.storageClass $name $class) -}}
{{- end -}}
{{- $modes := $found.spec.accessModes -}}
{{- if and $home.accessModes (ne (sortAlpha $home.accessModes | join ", ") (sortAlpha $modes | join ", ")) -}}
{{- fail (printf "home.accessModes is %s but claim %s has %s, and a claim cannot change its modes; use another release name, or copy the home" (join ", " $home.accessModes) $name (join ", " $modes)) -}}
{{- end -}}
{{- $size := $found.spec.resources.requests.storage -}}
{{- if and $home.size (lt (include "ws.bytes" $home.size | float64) (include "ws.bytes" $size | float64)) -}}
{{- fail (printf "home.size is %s but claim %s has %s already, and a claim cannot shrink; set home.size to %s or more" $home.size $name $size $size) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Tells Argo CD what `keep` tells Helm: never delete this object. */}}
{{- define "ws.gitops.keep" -}}
argocd.argoproj.io/sync-options: Prune=false,Delete=false
{{- end }}
