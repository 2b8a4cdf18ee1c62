{{/*
Checks that the schema cannot express: values that disagree, and names from outside. Each failure is a sentence that
names the value, what is wrong with it, and what to do.
*/}}
{{- define "ws.validate" -}}
{{- include "ws.validate.text" (list .Values "") -}}
{{- include "ws.validate.names" . -}}
{{- include "ws.validate.user" . -}}
{{- include "ws.validate.home" . -}}
{{- include "ws.validate.keys" . -}}
{{- include "ws.validate.network" . -}}
{{- include "ws.validate.pod" . -}}
{{- end }}

{{- define "ws.validate.names" -}}
{{- if gt (len .Release.Name) 40 -}}
{{- fail (printf "the release name %q has %d characters; 40 fit, so that every object's name stays a valid label" .Release.Name (len .Release.Name)) -}}
{{- end -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" .Release.Name) -}}
{{- fail (printf "the release name %q cannot name a Service: it takes lower-case letters, digits and dashes, and starts with a letter" .Release.Name) -}}
{{- end -}}
{{- end }}

{{- define "ws.validate.user" -}}
{{- $user := .Values.user -}}
{{- $reserved := list "root" "daemon" "bin" "sys" "sync" "games" "man" "lp" "mail" "news" "uucp" "proxy" "www-data" "backup" "list" "irc" "_apt" "nobody" "adm" "tty" "users" "nogroup" "linuxbrew" -}}
{{- if has $user.name $reserved -}}
{{- fail (printf "user.name %q is an account or group of the image; choose another" $user.name) -}}
{{- end -}}
{{- if and (kindIs "invalid" $user.gid) (not (kindIs "invalid" $user.uid)) -}}
{{- fail (printf "user.gid is null but user.uid is %d; set both, or neither" (int64 $user.uid)) -}}
{{- end -}}
{{- if and (kindIs "invalid" $user.uid) (not (kindIs "invalid" $user.gid)) (ne (int64 $user.gid) 1000) -}}
{{- fail (printf "user.gid is %d but user.uid is null; a namespace that gives the UID gives the group too, so set both, or neither" (int64 $user.gid)) -}}
{{- end -}}
{{- end }}

{{- define "ws.validate.home" -}}
{{- $home := .Values.home -}}
{{- if and $home.existingClaim (ne $home.type "existingClaim") -}}
{{- fail (printf "home.existingClaim is %q but home.type is %q: two homes at once; set home.type to existingClaim" $home.existingClaim $home.type) -}}
{{- end -}}
{{- if and (eq $home.type "existingClaim") (not $home.existingClaim) -}}
{{- fail "home.type is existingClaim; home.existingClaim must name the claim" -}}
{{- end -}}
{{- if ne $home.type "claim" -}}
{{- range list "storageClass" "size" "accessModes" -}}
{{- if not (kindIs "invalid" (index $home .)) -}}
{{- fail (printf "home.%s is of a new claim, but home.type is %q; set home.type to claim, or home.%s to null" . $home.type .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $home.subPath (eq $home.type "emptyDir") -}}
{{- fail (printf "home.subPath %q is a folder of a claim, but home.type is emptyDir" $home.subPath) -}}
{{- end -}}
{{- if hasPrefix "/" $home.subPath -}}
{{- fail (printf "home.subPath %q is absolute; it is a folder inside the volume, so it starts without a slash" $home.subPath) -}}
{{- end -}}
{{- if has ".." (splitList "/" $home.subPath) -}}
{{- fail (printf "home.subPath %q leads out of the volume: .. is not allowed" $home.subPath) -}}
{{- end -}}
{{- end }}

{{- define "ws.validate.keys" -}}
{{- if and .Values.authorizedKeys .Values.existingAuthorizedKeysSecret -}}
{{- fail "authorizedKeys and existingAuthorizedKeysSecret are both set; keep one" -}}
{{- end -}}
{{- if not (or .Values.authorizedKeys .Values.existingAuthorizedKeysSecret) -}}
{{- fail "authorizedKeys is empty: nobody could log in; add a public key, or name a Secret in existingAuthorizedKeysSecret" -}}
{{- end -}}
{{- range $index, $line := .Values.authorizedKeys -}}
{{- with include "ws.key.fault" (trim $line) -}}
{{- fail (printf "authorizedKeys[%d] %s" $index .) -}}
{{- end -}}
{{- end -}}
{{- $host := .Values.hostKey -}}
{{- if and $host.privateKey $host.existingSecret -}}
{{- fail "hostKey.privateKey and hostKey.existingSecret are both set; keep one" -}}
{{- end -}}
{{- if regexMatch "^\\s*(ssh-|ecdsa-)" $host.privateKey -}}
{{- fail "hostKey.privateKey is a public key; the server needs the private half" -}}
{{- end -}}
{{- if or (contains "ENCRYPTED" $host.privateKey) (contains "BEGIN CERTIFICATE" $host.privateKey) -}}
{{- fail "hostKey.privateKey has a passphrase, or is no key; the server needs a private key without a passphrase" -}}
{{- end -}}
{{- end }}

{{/*
ws.validate.text (list VALUE PATH): no value may contain what a YAML reader takes for the end of a line, or what a
terminal obeys. Templates quote everything else. A line may end as on Windows.
*/}}
{{- define "ws.validate.text" -}}
{{- $path := index . 1 -}}
{{- $value := index . 0 -}}
{{- if kindIs "map" $value -}}
{{- range $key, $inner := $value -}}
{{- include "ws.validate.text" (list $key (printf "a name in %s" ($path | default "values"))) -}}
{{- include "ws.validate.text" (list $inner (ternary $key (printf "%s.%s" $path $key) (empty $path))) -}}
{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- range $index, $inner := $value -}}
{{- include "ws.validate.text" (list $inner (printf "%s[%d]" $path $index)) -}}
{{- end -}}
{{- else if kindIs "string" $value -}}
{{- with regexFind "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x{9f}\\x{2028}\\x{2029}\\x{fdd0}-\\x{fdef}\\x{feff}\\x{fffe}\\x{ffff}]" ($value | replace "\r\n" "\n") -}}
{{- fail (printf "%s holds the control character %+q; take it out" $path .) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "ws.validate.network" -}}
{{- $service := .Values.service -}}
{{- if eq $service.type "ClusterIP" -}}
{{- range list "nodePort" "loadBalancerClass" "loadBalancerSourceRanges" "externalTrafficPolicy" -}}
{{- if index $service . -}}
{{- fail (printf "service.%s is %v, but service.type is ClusterIP; set service.type to NodePort or LoadBalancer" . (index $service .)) -}}
{{- end -}}
{{- end -}}
{{- if eq (int $service.port) (int $service.metricsPort) -}}
{{- fail (printf "service.port and service.metricsPort are both %d; a Service has each port once" (int $service.port)) -}}
{{- end -}}
{{- end -}}
{{- if and (ne $service.type "LoadBalancer") (or $service.loadBalancerClass $service.loadBalancerSourceRanges) -}}
{{- fail (printf "service.loadBalancerClass and service.loadBalancerSourceRanges need service.type LoadBalancer; it is %s" $service.type) -}}
{{- end -}}
{{- if eq (int .Values.ssh.port) 9222 -}}
{{- fail "ssh.port 9222 is the port of health checks and metrics in the pod" -}}
{{- end -}}
{{- end }}

{{- define "ws.validate.pod" -}}
{{- $certificates := .Values.extraCaCertificates -}}
{{- if and $certificates.pem $certificates.existingConfigMap -}}
{{- fail "extraCaCertificates.pem and extraCaCertificates.existingConfigMap are both set; keep one" -}}
{{- end -}}
{{- if and $certificates.pem (not (contains "-----BEGIN CERTIFICATE-----" $certificates.pem)) -}}
{{- fail "extraCaCertificates.pem holds no certificate; it takes PEM text, which has BEGIN CERTIFICATE lines" -}}
{{- end -}}
{{- $shared := .Values.sharedMemorySizeLimit -}}
{{- $memory := index .Values.resources.limits "memory" -}}
{{- if and $shared $memory (ge (include "ws.bytes" $shared | float64) (include "ws.bytes" $memory | float64)) -}}
{{- fail (printf "sharedMemorySizeLimit is %s but resources.limits.memory is %s, and /dev/shm is part of that: a program could fill it and leave nothing; set it lower, or the limit higher" $shared (toString $memory)) -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if hasPrefix "WS_" .name -}}
{{- fail (printf "extraEnv %q: names that start with WS_ are the server's own" .name) -}}
{{- end -}}
{{- /* These make Node or the loader run or trust files, and the user's programs can write files in the home. */ -}}
{{- if regexMatch "^(NODE_(OPTIONS|PATH|COMPILE_CACHE|ICU_DATA|V8_COVERAGE)|OPENSSL_(CONF|MODULES|ENGINES)|LD_.*)$" .name -}}
{{- fail (printf "extraEnv %q would reach the server as well, which runs on Node, and change what it runs; set it in the home, in ~/.profile" .name) -}}
{{- end -}}
{{- end -}}
{{- range $field := list "labels" "podLabels" "annotations" "podAnnotations" -}}
{{- range $key, $_ := index $.Values $field -}}
{{- if regexMatch "^(ws\\.dev/|app\\.kubernetes\\.io/(name|instance|component|version|managed-by)$|helm\\.sh/|checksum/|kube-score/ignore$|checkov\\.io/|kubectl\\.kubernetes\\.io/default-container$)" $key -}}
{{- fail (printf "%s %q is set by the chart itself; choose another key" $field $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
