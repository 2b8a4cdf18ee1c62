{{/*
ws.key.type, ws.key.pattern: a line of authorized_keys as Dropbear reads it. Options may come before the type. One space
divides the parts, and nothing else is on the line.
*/}}
{{- define "ws.key.type" -}}(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com){{- end }}
{{- define "ws.key.pattern" -}}^(?:(?P<options>(?:"(?:\\.|[^"\\])*"|[^ "])+) )?{{ include "ws.key.type" . }} (?P<blob>AAAA[A-Za-z0-9+/]+={0,3})(?: [^\x00-\x1f\x7f]*)?${{- end }}

{{/* ws.key.blob LINE: the base64 of its key; empty if it has none. */}}
{{- define "ws.key.blob" -}}
{{- $pattern := include "ws.key.pattern" . -}}
{{- if regexMatch $pattern . -}}{{ regexReplaceAll $pattern . "${blob}" }}{{- end -}}
{{- end }}

{{/*
ws.keys (list CONTEXT CHANGES): the keys of values, with what `ws keys` added and removed since
(`src/contract/keys/key-changes.ts` writes it: `+ LINE` or `- SHA256-OF-THE-BASE64`) on top. The last change of `ws
keys` wins over values.
*/}}
{{- define "ws.keys" -}}
{{- $gone := dict -}}
{{- $added := list -}}
{{- range splitList "\n" (index . 1) -}}
{{- if hasPrefix "- " . -}}
{{- $_ := set $gone (trimPrefix "- " .) true -}}
{{- else if hasPrefix "+ " . -}}
{{- $line := trimPrefix "+ " . -}}
{{- with include "ws.key.blob" $line -}}
{{- $_ := set $gone (sha256sum .) true -}}
{{- $added = append $added $line -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $lines := list -}}
{{- range (index . 0).Values.authorizedKeys -}}
{{- $line := trim . -}}
{{- if not (hasKey $gone (include "ws.key.blob" $line | sha256sum)) -}}
{{- $lines = append $lines $line -}}
{{- end -}}
{{- end -}}
{{- range concat $lines $added }}
{{ . }}
{{- end -}}
{{- end }}
