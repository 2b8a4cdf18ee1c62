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
{{- if and (index . 0).Release.IsInstall (not $home.ignoreKept) -}}
{{- $folder := dig "metadata" "annotations" "ws.dev/sub-path" "" $found | clean -}}
{{- $wanted := $home.subPath | clean -}}
{{- if ne $folder $wanted -}}
{{- $has := ternary "at its root" (printf "in its folder %s" $folder) (eq $folder ".") -}}
{{- $asked := ternary "home.subPath is empty, so the home would be another one at the root" (printf "home.subPath is %s, so the home would be another one in that folder" $home.subPath) (eq $wanted ".") -}}
{{- $value := ternary "leave home.subPath empty" (printf "set home.subPath=%s" $folder) (eq $folder ".") -}}
{{- fail (printf "claim %s has the home %s, but %s; %s, or insist with home.ignoreKept=true" $name $has $asked $value) -}}
{{- end -}}
{{- end -}}
{{- $way := "use another release name, or copy the home" -}}
{{- if eq (dig "status" "phase" "" $found) "Pending" -}}
{{- $way = printf "it is not bound yet and holds nothing, so delete it with `kubectl --namespace %s delete pvc %s`, and run this again" $found.metadata.namespace $name -}}
{{- end -}}
{{- if and (not (kindIs "invalid" $home.storageClass)) (ne $home.storageClass $class) -}}
{{- fail (printf "home.storageClass is %q but claim %s has class %q, and a claim cannot change its class; %s" $home.storageClass $name $class $way) -}}
{{- end -}}
{{- $modes := $found.spec.accessModes -}}
{{- if and $home.accessModes (ne (sortAlpha $home.accessModes | join ", ") (sortAlpha $modes | join ", ")) -}}
{{- fail (printf "home.accessModes is %s but claim %s has %s, and a claim cannot change its modes; %s" (join ", " $home.accessModes) $name (join ", " $modes) $way) -}}
{{- end -}}
{{- $size := $found.spec.resources.requests.storage -}}
{{- if and $home.size (lt (include "ws.number" $home.size | float64) (include "ws.number" $size | float64)) -}}
{{- fail (printf "home.size is %s but claim %s has %s already, and a claim cannot shrink; %s" (include "ws.forms.text" $home.size) $name $size (ternary $way (printf "set home.size to %s or more" $size) (hasPrefix "it is" $way))) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.home.mayBeKept: whether this release once made a claim, which the cluster may still have. Its Deployment says so, and
the Secret of its host key, which outlives the Deployment but is not there if values bring the key. The answer is kept,
because each look takes Helm some requests.
*/}}
{{- define "ws.home.mayBeKept" -}}
{{- if not (hasKey .Values "mayBeKept") -}}
{{- $own := include "ws.home.own" . -}}
{{- $objects := list (lookup "v1" "Secret" .Release.Namespace (include "ws.hostKey.own" .)) -}}
{{- $objects = append $objects (include "ws.deployed" . | fromJson) -}}
{{- $answer := "" -}}
{{- range $objects -}}
{{- $annotations := dig "metadata" "annotations" dict (. | default dict) | default dict -}}
{{- if or (index $annotations "ws.dev/kept-claim") (eq (index $annotations "ws.dev/home" | default "") $own) }}{{ $answer = "yes" }}{{ end -}}
{{- end -}}
{{- $_ := set .Values "mayBeKept" $answer -}}
{{- end -}}
{{- .Values.mayBeKept -}}
{{- end }}

{{/*
ws.home.left: the kept claim of this release's name, if an emptyDir would take its place. An install asks for the claim
itself. Later only a release that once made a claim asks, so whoever has no claim need not be allowed to read claims.
*/}}
{{- define "ws.home.left" -}}
{{- if eq .Values.home.type "emptyDir" -}}
{{- if or (and .Release.IsInstall (not .Values.home.ignoreKept)) (include "ws.home.mayBeKept" .) -}}
{{- with lookup "v1" "PersistentVolumeClaim" .Release.Namespace (include "ws.home.own" .) -}}
{{- if and (eq (dig "metadata" "labels" "app.kubernetes.io/name" "" .) "ws-workspace") (not .metadata.deletionTimestamp) -}}
{{- .metadata.name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.home.before: the values that the chart's own claim records of its user, as `--set` words, if this release has others.
Only `ws` takes them from there. A claim's annotation may be anybody's text, so what is no name or number is left out.
*/}}
{{- define "ws.home.before" -}}
{{- if eq .Values.home.type "claim" -}}
{{- $claim := lookup "v1" "PersistentVolumeClaim" .Release.Namespace (include "ws.home.own" .) -}}
{{- $annotations := dig "metadata" "annotations" dict ($claim | default dict) | default dict -}}
{{- range $part, $form := dict "name" `^[a-z_][a-z0-9_-]{0,31}$` "uid" `^[1-9][0-9]{0,9}$` "gid" `^[1-9][0-9]{0,9}$` -}}
{{- $value := index $.Values.user $part -}}
{{- $before := index $annotations (printf "ws.dev/%s" (ternary "user" $part (eq $part "name"))) | default "" -}}
{{- if and (regexMatch $form $before) (not (kindIs "invalid" $value)) -}}
{{- if ne $before (include "ws.forms.text" $value) }} --set user.{{ $part }}={{ $before }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.home.shared: the release that runs with the same home, if the claim has its name. Its user may have another name: the
server gives both users the same files. It asks for that one Deployment alone, because not every installer may list them.
*/}}
{{- define "ws.home.shared" -}}
{{- $claim := .Values.home.existingClaim -}}
{{- $folder := .Values.home.subPath | clean -}}
{{- if hasSuffix "-home" $claim -}}
{{- with lookup "apps/v1" "Deployment" .Release.Namespace (trimSuffix "-home" $claim) -}}
{{- $home := dig "metadata" "annotations" "ws.dev/home" "" . -}}
{{- if and (eq $home $claim) (gt (dig "spec" "replicas" 0 . | int) 0) -}}
{{- $name := .metadata.name -}}
{{- range dig "spec" "template" "spec" "containers" list . -}}
{{- range .volumeMounts -}}
{{- if and (eq .name "home") (eq (.subPath | default "" | clean) $folder) }}{{ $name }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Tells Argo CD what `keep` tells Helm: never delete this object. */}}
{{- define "ws.gitops.keep" -}}
argocd.argoproj.io/sync-options: Prune=false,Delete=false
{{- end }}
