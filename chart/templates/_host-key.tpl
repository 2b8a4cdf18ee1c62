{{/*
ws.hostKey.fault TEXT: why the server could not use this private key, as the rest of a sentence; empty if it seems to be
one that it takes. A good key in the Secret must not make room for another one with which the server would not start.
The server's own rules are in `src/contract/keys/host-key.ts`, and a test holds both against the same keys. Templates
have no bytes, so the checks read the key in hexadecimal.
*/}}
{{- define "ws.hostKey.fault" -}}
{{- $text := . | replace "\r\n" "\n" | trim -}}
{{- $armour := regexFind `^-----BEGIN [A-Z0-9 ]+-----` $text -}}
{{- $label := $armour | trimPrefix "-----BEGIN " | trimSuffix "-----" -}}
{{- $end := printf "-----END %s-----" $label -}}
{{- $body := $text | trimPrefix $armour | trimSuffix $end | nospace -}}
{{- if regexMatch `^(ssh-|ecdsa-|sk-)` $text -}}
is a public key; the server needs the private half
{{- else if contains "ENCRYPTED" $text -}}
{{ include "ws.hostKey.passphrase" . }}
{{- else if and $armour (not (has $label (list "OPENSSH PRIVATE KEY" "PRIVATE KEY" "RSA PRIVATE KEY" "EC PRIVATE KEY"))) -}}
{{ printf "is a %s, not a private key that the server takes; %s" $label (include "ws.hostKey.forms" .) }}
{{- else if and $armour (not (hasSuffix $end $text)) -}}
{{ printf "is cut short: it does not end with %q" $end }}
{{- else if or (not $body) (not (regexMatch `^[A-Za-z0-9+/]+={0,2}$` $body)) (mod (len $body) 4) -}}
is not a private key, or is damaged; {{ include "ws.hostKey.forms" . }}
{{- else -}}
{{- $hex := printf "%x" (b64dec $body) -}}
{{- if eq $label "OPENSSH PRIVATE KEY" -}}
{{ include "ws.hostKey.opensshFault" $hex }}
{{- else if $armour -}}
{{ include "ws.hostKey.pemFault" (list $label $hex) }}
{{- else -}}
{{ include "ws.hostKey.wireFault" (list $hex "00000040") }}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "ws.hostKey.forms" -}}it takes OpenSSH's format, PEM, or Dropbear's in base64, of an ed25519, ECDSA or RSA key without a passphrase{{- end }}
{{- define "ws.hostKey.passphrase" -}}has a passphrase, which nobody could type for the server; take it off a copy with `ssh-keygen -p -N '' -f COPY`{{- end }}
{{- define "ws.hostKey.damaged" -}}is damaged: its parts do not fit together; export it again, or make one with `ssh-keygen -t ed25519 -N '' -f FILE`{{- end }}
{{- define "ws.hostKey.otherType" -}}is of a type that the server does not take; it takes ed25519, ECDSA, and RSA from 3072 bits{{- end }}

{{/* ws.hostKey.number HEX: a number of four bytes. */}}
{{- define "ws.hostKey.number" -}}{{ printf "0x%s" (. | default "0") | int64 }}{{- end }}

{{/* ws.hostKey.opensshFault HEX: magic, cipher, KDF and its options, one key: its public half, then the private one. */}}
{{- define "ws.hostKey.opensshFault" -}}
{{- $magic := "6f70656e7373682d6b65792d763100" -}}
{{- $plain := printf "%s000000046e6f6e65000000046e6f6e650000000000000001" $magic -}}
{{- if not (hasPrefix $magic .) -}}
{{ include "ws.hostKey.damaged" . }}
{{- else if not (hasPrefix (printf "%s000000046e6f6e65" $magic) .) -}}
{{ include "ws.hostKey.passphrase" . }}
{{- else if not (hasPrefix $plain .) -}}
{{ include "ws.hostKey.damaged" . }}
{{- else -}}
{{- $halves := trimPrefix $plain . -}}
{{- $publicEnd := add 8 (mul 2 (include "ws.hostKey.number" (trunc 8 $halves) | int64)) | int -}}
{{- if ge (add $publicEnd 24 | int) (len $halves) -}}
{{ include "ws.hostKey.damaged" . }}
{{- else -}}
{{- $public := substr 8 $publicEnd $halves -}}
{{- $private := substr $publicEnd -1 $halves -}}
{{- $length := mul 2 (include "ws.hostKey.number" (trunc 8 $private) | int64) | int -}}
{{- $type := trunc (add 8 (mul 2 (include "ws.hostKey.number" (trunc 8 $public) | int64)) | int) $public -}}
{{- $fields := substr 24 -1 $private -}}
{{- if or (ne (add $length 8 | int) (len $private)) (ne (substr 8 16 $private) (substr 16 24 $private)) (not (hasPrefix $type $fields)) -}}
{{ include "ws.hostKey.damaged" . }}
{{- else -}}
{{ include "ws.hostKey.wireFault" (list $public "00000020") }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* ws.hostKey.wireFault (list HEX LENGTH): a key in SSH's wire form; LENGTH is that of ed25519's field. */}}
{{- define "ws.hostKey.wireFault" -}}
{{- $hex := index . 0 -}}
{{- $ed25519 := printf "0000000b7373682d65643235353139%s" (index . 1) -}}
{{- if hasPrefix $ed25519 $hex -}}
{{- $rest := trimPrefix $ed25519 $hex -}}
{{- if ne (len $rest) (mul 2 (include "ws.hostKey.number" (index . 1) | int64) | int) -}}{{ include "ws.hostKey.damaged" . }}{{- end -}}
{{- else if hasPrefix "000000077373682d727361" $hex -}}
{{- /* Dropbear's form has e first, as the public half of OpenSSH's has. */ -}}
{{- $e := trimPrefix "000000077373682d727361" $hex -}}
{{- $modulus := add 8 (mul 2 (include "ws.hostKey.number" (trunc 8 $e) | int64)) | int -}}
{{- if gt $modulus (len $e) -}}
{{ include "ws.hostKey.damaged" . }}
{{- else -}}
{{ include "ws.hostKey.rsaFault" (include "ws.hostKey.number" (substr $modulus -1 $e | trunc 8) | int64) }}
{{- end -}}
{{- else if not (regexMatch `^0000001365636473612d736861322d6e69737470(323536000000086e69737470323536|333834000000086e69737470333834|353231000000086e69737470353231)` $hex) -}}
{{- if regexMatch `^000000[01].(7373682d|65636473612d|736b2d)` $hex -}}
{{ include "ws.hostKey.otherType" . }}
{{- else -}}
is not a private key, or is damaged; {{ include "ws.hostKey.forms" . }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* ws.hostKey.pemFault (list LABEL HEX): the outer length of the DER, then the algorithm's identifier. */}}
{{- define "ws.hostKey.pemFault" -}}
{{- $label := index . 0 -}}
{{- $hex := index . 1 -}}
{{- $head := regexFind `^30(82....|81..|[0-7].)` $hex -}}
{{- $length := $head | trimPrefix "30" -}}
{{- if gt (len $length) 2 }}{{ $length = substr 2 -1 $length }}{{ end -}}
{{- $inner := trimPrefix $head $hex -}}
{{- $modulus := regexReplaceAll `^02010002(82....|81..|[0-7].).*$` (regexFind `^02010002(82....|81..|[0-7].)` $inner) "${1}" -}}
{{- $pkcs8 := regexFind `^020100300d06092a864886f70d01010105000482....3082....02010002(82....|81..|[0-7].)` $inner -}}
{{- if $pkcs8 }}{{ $modulus = regexReplaceAll `^.*02(82....|81..|[0-7].)$` $pkcs8 "${1}" }}{{ end -}}
{{- if or (not $head) (ne (mul 2 (include "ws.hostKey.number" $length | int64) | int) (len $inner)) -}}
{{ include "ws.hostKey.damaged" . }}
{{- else if or $pkcs8 (eq $label "RSA PRIVATE KEY") -}}
{{- if not $modulus -}}{{ include "ws.hostKey.damaged" . }}{{- else -}}
{{- if gt (len $modulus) 2 }}{{ $modulus = substr 2 -1 $modulus }}{{ end -}}
{{ include "ws.hostKey.rsaFault" (include "ws.hostKey.number" $modulus | int64) }}
{{- end -}}
{{- else if eq $label "EC PRIVATE KEY" -}}
{{- if not (regexMatch `(06082a8648ce3d030107|06052b81040022|06052b81040023)` $inner) -}}{{ include "ws.hostKey.otherType" . }}{{- end -}}
{{- else if not (regexMatch `^02010[01]30(0506032b65700422|..06072a8648ce3d0201(06082a8648ce3d030107|06052b81040022|06052b81040023))` $inner) -}}
{{ include "ws.hostKey.otherType" . }}
{{- end -}}
{{- end }}

{{/* ws.hostKey.rsaFault LENGTH: the bytes of its modulus, with the sign's. */}}
{{- define "ws.hostKey.rsaFault" -}}
{{- $bits := mul 8 (sub . 1) -}}
{{- if lt (int64 $bits) 3072 -}}
{{ printf "is RSA with %d bits; 3072 are the least" (int64 $bits) }}
{{- end -}}
{{- end }}
