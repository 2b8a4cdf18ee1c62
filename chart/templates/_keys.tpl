{{/*
ws.key.type, ws.key.pattern: a line of authorized_keys as Dropbear reads it. Options may come before the type. One space
divides the parts, and nothing else is on the line. Options end at the first blank outside quotes. A quote with a
backslash before it counts as any other.
*/}}
{{- define "ws.key.type" -}}(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256|ecdsa-sha2-nistp384|ecdsa-sha2-nistp521|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com){{- end }}
{{- define "ws.key.pattern" -}}^(?:(?P<options>(?:"[^"]*"|[^" \t])+) )?{{ include "ws.key.type" . }} (?P<blob>AAAA[A-Za-z0-9+/]+={0,3})(?: [^\x00-\x1f\x7f]*)?${{- end }}

{{/*
ws.key.options: every option that Dropbear knows, with the pattern of what follows its name. A test compares them with
`src/contract/keys/dropbear-rules.ts`.
*/}}
{{- define "ws.key.options" -}}
{{- $port := `[ \t\v\f]*\+?0*(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])` -}}
{{- dict
  "no-port-forwarding" ""
  "no-agent-forwarding" ""
  "no-x11-forwarding" ""
  "no-pty" ""
  "restrict" ""
  "command" `="(?:\\.|[^"\\])*"`
  "permitopen" (printf `="(?:\[[^\]"]+\]|[^["][^"]*):(?:\*|%s)"` $port)
  "permitlisten" (printf `="%s"` $port)
  "no-touch-required" ""
  "verify-required" ""
| toJson -}}
{{- end }}

{{/* ws.key.fault LINE: why Dropbear would ignore it, as the rest of a sentence; empty for a line that lets somebody in. */}}
{{- define "ws.key.fault" -}}
{{- $pattern := include "ws.key.pattern" . -}}
{{- if contains "PRIVATE KEY" . -}}
is a private key; only the public half (the .pub file) belongs here
{{- else if gt (len .) 3000 -}}
{{ printf "%q is longer than 3000 bytes, and the server ignores such a line" (trunc 40 .) }}
{{- else if not (regexMatch $pattern .) -}}
{{ include "ws.key.formFault" . }}
{{- else -}}
{{ include "ws.key.optionFault" (regexReplaceAll $pattern . "${options}") }}
{{- end -}}
{{- end }}

{{/* ws.key.formFault LINE: why it is no key. */}}
{{- define "ws.key.formFault" -}}
{{- $line := . -}}
{{- $pattern := include "ws.key.pattern" . -}}
{{- $where := "" -}}
{{- range $number, $part := regexSplit "\r\n|\n|\r" $line -1 -}}
{{- if and (not $where) (or $number (not (regexMatch $pattern $part))) -}}
{{- $where = ternary "" (printf " (line %d: %q)" (add1 $number) (trunc 40 $part)) (eq $part $line) -}}
{{- end -}}
{{- end -}}
{{- if and (contains `\"` $line) (regexMatch `^(?:"(?:\\.|[^"\\])*"|[^" ])+ (?:ssh|ecdsa|sk)-` $line) -}}
{{ printf "%q has a blank between escaped quotes (\\\"), where its options end for the server; a script can hold the command" (trunc 40 $line) }}
{{- else -}}
{{ printf "%q is not a public key%s: it needs TYPE, a space and the key, on one line, and a type of ed25519, RSA, ECDSA or their sk- forms" (trunc 40 $line) $where }}
{{- end -}}
{{- end }}

{{/* ws.key.optionFault OPTIONS: which of them Dropbear does not know, or cannot read. */}}
{{- define "ws.key.optionFault" -}}
{{- $known := include "ws.key.options" . | fromJson -}}
{{- $faults := list -}}
{{- $names := list -}}
{{- range regexFindAll `(?:"(?:\\.|[^"\\])*"|[^,"])+` . -1 -}}
{{- $written := regexFind "^[^=]*" . -}}
{{- $name := lower $written -}}
{{- if not (hasKey $known $name) -}}
{{- $faults = append $faults (printf "has the option %q, which the server does not know: it would let nobody in with this key; it knows %s" (trunc 40 $written) (keys $known | sortAlpha | join ", ")) -}}
{{- else if not (regexMatch (printf "^[^=]*%s$" (get $known $name)) .) -}}
{{- $faults = append $faults (printf `has the option %q, which the server cannot read: it reads command="PROGRAM", permitopen="HOST:PORT" and permitlisten="PORT", and the others alone` (trunc 40 .)) -}}
{{- else if and (eq $name "command") (has $name $names) -}}
{{- $faults = append $faults "has the option command twice, and the server would let nobody in with this key" -}}
{{- end -}}
{{- $names = append $names $name -}}
{{- end -}}
{{- if regexMatch "^,|,,|,$" (regexReplaceAll `"(?:\\.|[^"\\])*"` . "") -}}
{{- $faults = append $faults "has an empty option; options stand between single commas" -}}
{{- end -}}
{{- with $faults }}{{ first . }}{{ end -}}
{{- end }}

{{/* ws.key.blob LINE: the base64 of its key with the right padding; empty if it has none. */}}
{{- define "ws.key.blob" -}}
{{- $pattern := include "ws.key.pattern" . -}}
{{- if regexMatch $pattern . -}}
{{- $digits := regexReplaceAll $pattern . "${blob}" | trimAll "=" -}}
{{ $digits }}{{ repeat (mod (sub 4 (mod (len $digits) 4)) 4 | int) "=" }}
{{- end -}}
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
