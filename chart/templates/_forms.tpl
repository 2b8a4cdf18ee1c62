{{/*
ws.forms: for each form its pattern, what to say of a text that does not match it, the least amount, and the values that
have it. They are here and not in the schema, because the schema would only show the pattern. There, each such value
names its form in `x-form`, and a test compares the two. A value may be empty where its default is. An amount may be
written in any way that Kubernetes reads (apimachinery, pkg/api/resource/quantity.go). `src/workspace/names.ts` judges
amounts by the same rules, and one table of tests holds both.
*/}}
{{- define "ws.forms" -}}
{{- dict
  "amount" (dict
    "pattern" `^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$`
    "fault" "is no amount of bytes; write a number and a unit without B, such as 512Mi, 4Gi or 1.5Gi"
    "least" "1Mi"
    "values" (list "sharedMemorySizeLimit" "home.sizeLimit" "home.size" "resources.requests.memory" "resources.requests.ephemeral-storage" "resources.limits.memory" "resources.limits.ephemeral-storage" "temporarySizeLimit"))
  "cpu" (dict
    "pattern" `^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$`
    "fault" "is no amount of CPU; write cores, such as 2, 0.5 or 500m"
    "least" "1m"
    "values" (list "resources.requests.cpu" "resources.limits.cpu"))
  "duration" (dict
    "pattern" `^[1-9][0-9]*(ms|s|m|h)$`
    "fault" "is no time between scrapes; write a number and a unit, such as 30s or 1m"
    "values" (list "podMonitor.interval"))
  "span" (dict
    "pattern" `^[1-9][0-9]{0,5}[smh]$`
    "fault" "is no time; write a number and a unit, such as 45m or 2h"
    "values" (list "idle.stopAfter" "idle.endAfter"))
  "image" (dict
    "pattern" `^[a-z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?(:[0-9]+)?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$`
    "fault" "is no image; write registry, path and name, such as registry.example.com/team/ws-workspace, without https:// and without the tag, which image.tag has"
    "values" (list "image.repository"))
  "tag" (dict
    "pattern" `^[A-Za-z0-9_][A-Za-z0-9._-]*$`
    "fault" "is no tag; it has letters, digits, dots, dashes and underscores, such as v1.2"
    "values" (list "image.tag"))
  "digest" (dict
    "pattern" `^sha256:[0-9a-f]{64}$`
    "fault" "is no digest; it is sha256: and 64 hexadecimal digits"
    "values" (list "image.digest"))
  "login" (dict
    "pattern" `^[a-z_][a-z0-9_-]{0,31}$`
    "fault" "is no login name; it has up to 32 lower-case letters, digits, dashes and underscores, and starts with a letter or an underscore"
    "values" (list "user.name"))
  "name" (dict
    "pattern" `^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
    "fault" "is no name that Kubernetes takes; it has lower-case letters, digits, dashes and dots, with a letter or a digit at both ends"
    "values" (list "existingAuthorizedKeysSecret" "hostKey.existingSecret" "home.storageClass" "home.existingClaim" "extraCaCertificates.existingConfigMap" "serviceAccountName" "priorityClassName" "runtimeClassName"))
  "network" (dict
    "pattern" `^(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/([12]?[0-9]|3[0-2])|(([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){1,7}:|([0-9A-Fa-f]{1,4}:){1,6}:[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){1,5}(:[0-9A-Fa-f]{1,4}){1,2}|([0-9A-Fa-f]{1,4}:){1,4}(:[0-9A-Fa-f]{1,4}){1,3}|([0-9A-Fa-f]{1,4}:){1,3}(:[0-9A-Fa-f]{1,4}){1,4}|([0-9A-Fa-f]{1,4}:){1,2}(:[0-9A-Fa-f]{1,4}){1,5}|[0-9A-Fa-f]{1,4}:(:[0-9A-Fa-f]{1,4}){1,6}|:((:[0-9A-Fa-f]{1,4}){1,7}|:))/([1-9]?[0-9]|1[01][0-9]|12[0-8]))$`
    "fault" "is no network; write an address, a slash and the length of the prefix, such as 203.0.113.0/24 or 2001:db8::/32"
    "values" (list "service.loadBalancerSourceRanges"))
  "shell" (dict
    "pattern" `^/[A-Za-z0-9._/-]+$`
    "fault" "is no shell; write the whole path of one that the image has in /etc/shells, such as /bin/bash"
    "values" (list "user.shell"))
  "workspace" (dict
    "pattern" `^[a-z]([-a-z0-9]*[a-z0-9])?$`
    "fault" "is no name of a workspace; it has lower-case letters, digits and dashes, and starts with a letter"
    "values" (list "workspace"))
| toJson -}}
{{- end }}

{{- define "ws.validate.forms" -}}
{{- $values := .Values -}}
{{- $defaults := include "ws.defaults" . | fromJson -}}
{{- range $name, $form := include "ws.forms" . | fromJson -}}
{{- range $path := $form.values -}}
{{- $found := include "ws.forms.at" (list $values $path) | fromJson -}}
{{- $default := include "ws.forms.at" (list $defaults $path) | fromJson -}}
{{- $isList := kindIs "slice" $found.value -}}
{{- range $index, $value := ternary $found.value (list $found.value) $isList -}}
{{- if not (or (kindIs "invalid" $value) (and (not $isList) (not $default.value) (eq (toString $value) ""))) -}}
{{- with include "ws.forms.fault" (list $form $value) -}}
{{- fail (printf "%s%s %s" $path (ternary (printf "[%d]" $index) "" $isList) .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.validate.devices: amounts of what only some nodes have: devices that a plugin offers, and large pages. The cluster
takes no request for them that differs from the limit.
*/}}
{{- define "ws.validate.devices" -}}
{{- $count := dict "pattern" `^\+?[0-9]+([KMGTPE]i|[kMGTPE]|[eE]\+?[0-9]{1,2})?$` "fault" "is no number of devices; write a whole number, such as 1" "least" "0" -}}
{{- $amount := get (include "ws.forms" . | fromJson) "amount" -}}
{{- $resources := .Values.resources -}}
{{- range $kind := list "limits" "requests" -}}
{{- range $name, $value := index $resources $kind -}}
{{- if not (has $name (list "cpu" "memory" "ephemeral-storage")) -}}
{{- with include "ws.forms.fault" (list (ternary $amount $count (hasPrefix "hugepages-" $name)) $value) -}}
{{- fail (printf "resources.%s.%s %s" $kind $name .) -}}
{{- end -}}
{{- $limit := index $resources.limits $name -}}
{{- if or (kindIs "invalid" $limit) (ne (include "ws.number" $value) (include "ws.number" $limit)) -}}
{{- fail (printf "resources.requests.%s is %s, but resources.limits.%s is %s, and the cluster takes only the same amount; set the limit alone" $name (include "ws.forms.text" $value) $name (ternary "not set" (include "ws.forms.text" $limit) (kindIs "invalid" $limit))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* ws.validate.texts: values that may be any text, or follow a pattern of the schema, but are no number. */}}
{{- define "ws.validate.texts" -}}
{{- $texts := dict "home.subPath" .Values.home.subPath -}}
{{- range $path := list "labels" "annotations" "podLabels" "podAnnotations" "nodeSelector" "service.annotations" "podMonitor.labels" -}}
{{- $found := include "ws.forms.at" (list $.Values $path) | fromJson -}}
{{- range $name, $value := $found.value }}{{ $_ := set $texts (printf "%s.%s" $path $name) $value }}{{ end -}}
{{- end -}}
{{- range $list := list "extraEnv" "tolerations" -}}
{{- range $index, $item := index $.Values $list }}{{ $_ := set $texts (printf "%s[%d].value" $list $index) $item.value }}{{ end -}}
{{- end -}}
{{- range $path, $value := $texts -}}
{{- if not (kindIs "invalid" $value) -}}
{{- with include "ws.forms.textFault" $value }}{{ fail (printf "%s %s" $path .) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* ws.forms.fault (list FORM VALUE): why the value does not have the form, as the rest of a sentence. */}}
{{- define "ws.forms.fault" -}}
{{- $form := index . 0 -}}
{{- $value := index . 1 -}}
{{- $text := include "ws.forms.text" $value -}}
{{- $advice := splitList "; " $form.fault | rest | join "; " -}}
{{- if not (regexMatch $form.pattern $text) -}}
{{ printf "%q %s" $text $form.fault }}
{{- else if not $form.least -}}
{{ include "ws.forms.textFault" $value }}
{{- else if lt (include "ws.number" $value | float64) (include "ws.number" $form.least | float64) -}}
{{ printf "%s %s; %s" $text (ternary "has no unit" (printf "is less than %s" $form.least) (regexMatch `^[1-9][0-9]*$` $text)) $advice }}
{{- end -}}
{{- end }}

{{/*
ws.forms.textFault VALUE: says of what is no text which value it is. YAML and `--set` make a number of a text such as
20240101, 1e3 or 1.10, and a number no longer tells how it was written.
*/}}
{{- define "ws.forms.textFault" -}}
{{- if not (kindIs "string" .) -}}
{{ printf "is the %s %s, and a text is wanted: put it in quotes, or give it with --set-string" (ternary "truth value" "number" (kindIs "bool" .)) (include "ws.forms.text" .) }}
{{- end -}}
{{- end }}

{{/* ws.forms.text VALUE: a whole number with all its digits, which toString would write with an exponent. */}}
{{- define "ws.forms.text" -}}
{{- if and (kindIs "float64" .) (eq (float64 .) (floor .)) }}{{ printf "%.0f" . }}{{ else }}{{ toString . }}{{ end -}}
{{- end }}

{{/* ws.forms.at (list VALUES PATH): the value there, as JSON, because a template can return only text. */}}
{{- define "ws.forms.at" -}}
{{- $value := index . 0 -}}
{{- range splitList "." (index . 1) }}{{ $value = index $value . }}{{ end -}}
{{- dict "value" $value | toJson -}}
{{- end }}
