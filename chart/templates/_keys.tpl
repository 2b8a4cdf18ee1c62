{{/*
ws.key.type, ws.key.pattern: a line of authorized_keys as Dropbear reads it. Options may come before the type. One space
divides the parts, and nothing else is on the line. Options end at the first blank outside quotes. A quote with a
backslash before it counts as any other.
*/}}
{{- define "ws.key.type" -}}(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256|ecdsa-sha2-nistp384|ecdsa-sha2-nistp521|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com){{- end }}
{{- define "ws.key.pattern" -}}^(?:(?P<options>(?:"[^"]*"|[^" \t])+) )?(?P<type>{{ include "ws.key.type" . }}) (?P<blob>AAAA[A-Za-z0-9+/]+={0,3})(?: [^\x00-\x1f\x7f]*)?${{- end }}

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
{{- $fault := include "ws.key.optionFault" (regexReplaceAll $pattern . "${options}") -}}
{{ $fault | default (include "ws.key.damage" .) }}
{{- end -}}
{{- end }}

{{/*
ws.key.damage LINE: why the key itself is none that somebody could log in with. `src/contract/keys/key-damage.ts` has the
server's rules; a template can tell all of it but whether a point is on its curve. It reads the key in hexadecimal:
the type once more, then the parts, each with its length before it.
*/}}
{{- define "ws.key.damage" -}}
{{- $type := regexReplaceAll (include "ws.key.pattern" .) . "${type}" -}}
{{- $hex := printf "%x" (include "ws.key.blob" . | b64dec) -}}
{{- $head := printf "%08x%x" (len $type) $type -}}
{{- $parts := trimPrefix $head $hex -}}
{{- $fixed := get (include "ws.key.parts" . | fromJson) $type -}}
{{- if not (hasPrefix $head $hex) -}}
{{ printf "%q is damaged: it says %s, but the key in it is of another type, or none; copy the whole line of the .pub file" (trunc 40 .) $type }}
{{- else if eq $type "ssh-rsa" -}}
{{- $sizes := include "ws.key.sizes" $parts | fromJson -}}
{{- if or (ne (int $sizes.count) 2) (ne (int $sizes.left) 0) -}}
{{ include "ws.key.cut" . }}
{{- else -}}
{{- $e := substr 8 (int (add 8 $sizes.first)) $parts -}}
{{- $n := substr (int (add 16 $sizes.first)) -1 $parts -}}
{{- if or (gt (len $n) 2060) (not (regexMatch `^(00)*([0-9a-f]{2}){0,8}$` $e)) (regexMatch `^[89a-f]` $e) (regexMatch `^[89a-f]` $n) -}}
{{ include "ws.key.cut" . }}
{{- else if not (regexMatch `^0*([89a-f][0-9a-f]{255}|[1-9a-f][0-9a-f]{256,})$` $n) -}}
{{ printf "%q is an RSA key of less than 1024 bits, which the server does not take" (trunc 40 .) }}
{{- end -}}
{{- end -}}
{{- else if not (regexMatch (printf "^%s" $fixed) $parts) -}}
{{ include "ws.key.cut" . }}
{{- else -}}
{{- $rest := regexReplaceAll (printf "^%s" $fixed) $parts "" -}}
{{- $sizes := include "ws.key.sizes" $rest | fromJson -}}
{{- if or (ne (int $sizes.left) 0) (ne (int $sizes.count) (ternary 1 0 (hasPrefix "sk-" $type))) -}}
{{ include "ws.key.cut" . }}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "ws.key.cut" -}}
{{ printf "%q is damaged: the key is cut short, or something follows its end; copy the whole line of the .pub file" (trunc 40 .) }}
{{- end }}

{{/* ws.key.parts: the parts of fixed length of each type, but for RSA's, which has none. */}}
{{- define "ws.key.parts" -}}
{{- dict
  "ssh-ed25519" "00000020[0-9a-f]{64}"
  "ecdsa-sha2-nistp256" "000000086e697374703235360000004104[0-9a-f]{128}"
  "ecdsa-sha2-nistp384" "000000086e697374703338340000006104[0-9a-f]{192}"
  "ecdsa-sha2-nistp521" "000000086e697374703532310000008504[0-9a-f]{264}"
  "sk-ssh-ed25519@openssh.com" "00000020[0-9a-f]{64}"
  "sk-ecdsa-sha2-nistp256@openssh.com" "000000086e697374703235360000004104[0-9a-f]{128}"
| toJson -}}
{{- end }}

{{/*
ws.key.sizes HEX: how many parts stand in it, with two at most, the digits of the first, and what is left over; -1 for a
part that is cut short.
*/}}
{{- define "ws.key.sizes" -}}
{{- $rest := . -}}
{{- $first := 0 -}}
{{- $count := 0 -}}
{{- $isCut := false -}}
{{- range until 2 -}}
{{- if and $rest (not $isCut) -}}
{{- $digits := mul 2 (printf "0x%s" (trunc 8 $rest) | int64) -}}
{{- if or (lt (len $rest) 8) (gt (int64 (add 8 $digits)) (int64 (len $rest))) -}}
{{- $isCut = true -}}
{{- else -}}
{{- if eq $count 0 }}{{ $first = $digits }}{{ end -}}
{{- $count = add1 $count -}}
{{- $rest = substr (int (add 8 $digits)) -1 $rest -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "count" $count "first" $first "left" (ternary -1 (len $rest) $isCut) | toJson -}}
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
{{- $keys := 0 -}}
{{- $others := 0 -}}
{{- range regexSplit "\r\n|\n|\r" $line -1 -}}
{{- if regexMatch $pattern (trim .) }}{{ $keys = add1 $keys }}{{ else if not (regexMatch "^\\s*(#.*)?$" .) }}{{ $others = add1 $others }}{{ end -}}
{{- end -}}
{{- if and $keys (not $others) (contains "\n" $line) -}}
{{ printf "holds %d keys and %d lines; one key per entry: write each as an item of the list in a values file, without other lines" (int $keys) (len (regexSplit "\r\n|\n|\r" $line -1)) }}
{{- else if and (contains `\"` $line) (regexMatch `^(?:"(?:\\.|[^"\\])*"|[^" ])+ (?:ssh|ecdsa|sk)-` $line) -}}
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

{{/* ws.keys.removed: those of values that `ws keys rm` removed, a line each. */}}
{{- define "ws.keys.removed" -}}
{{- if not .Values.existingAuthorizedKeysSecret -}}
{{- $found := lookup "v1" "Secret" .Release.Namespace (include "ws.authorizedKeys" .) -}}
{{- $changes := dig "data" "ws_key_changes" "" $found | b64dec -}}
{{- $left := splitList "\n" (include "ws.keys" (list . $changes)) -}}
{{- range $index, $line := .Values.authorizedKeys -}}
{{- $blob := include "ws.key.blob" (trim $line) -}}
{{- if and $blob (contains (printf "- %s" (sha256sum $blob)) $changes) (not (contains $blob (join " " $left))) }}
authorizedKeys[{{ $index }}] {{ trim $line | trunc 24 }}…{{ regexFind " [^ ]+$" (trim $line) }}
{{- end -}}
{{- end -}}
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
