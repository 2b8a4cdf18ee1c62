{{/*
Checks that the schema cannot express: values that disagree, and names from outside. Each failure is a sentence that
names the value, what is wrong with it, and what to do.
*/}}
{{- define "ws.validate" -}}
{{- include "ws.validate.text" (list .Values "") -}}
{{- include "ws.validate.forms" . -}}
{{- include "ws.validate.devices" . -}}
{{- include "ws.validate.texts" . -}}
{{- include "ws.validate.names" . -}}
{{- include "ws.validate.other" . -}}
{{- include "ws.validate.user" . -}}
{{- include "ws.validate.home" . -}}
{{- include "ws.validate.keys" . -}}
{{- include "ws.validate.network" . -}}
{{- include "ws.validate.pod" . -}}
{{- include "ws.validate.environment" . -}}
{{- include "ws.validate.idle" . -}}
{{- include "ws.validate.brought" . -}}
{{- end }}

{{- define "ws.validate.names" -}}
{{- if gt (len .Release.Name) 40 -}}
{{- fail (printf "the release name %q has %d characters; 40 fit, so that every object's name stays a valid label" .Release.Name (len .Release.Name)) -}}
{{- end -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" .Release.Name) -}}
{{- fail (printf "the release name %q cannot name a Service: it takes lower-case letters, digits and dashes, and starts with a letter" .Release.Name) -}}
{{- end -}}
{{- end }}

{{/*
ws.validate.other: no other release may have this workspace's name, because whoever asks for the workspace would get
either. It looks for the two releases that have the name without saying so. Only where this release names its workspace
does it look at all of them: a list is more than every installer need be allowed.
*/}}
{{- define "ws.validate.other" -}}
{{- $workspace := include "ws.workspace" . -}}
{{- if .Release.IsInstall -}}
{{- $others := list -}}
{{- if .Values.workspace -}}
{{- $others = dig "items" list (lookup "apps/v1" "Deployment" .Release.Namespace "") -}}
{{- else -}}
{{- range list $workspace (printf "ws-%s" $workspace) -}}
{{- $others = append $others (lookup "apps/v1" "Deployment" $.Release.Namespace .) -}}
{{- end -}}
{{- end -}}
{{- range $found := $others -}}
{{- $other := dig "metadata" "labels" "app.kubernetes.io/instance" "" $found -}}
{{- if and (ne $other $.Release.Name) (eq (dig "metadata" "labels" "ws.dev/workspace" "" $found) $workspace) -}}
{{- fail (printf "release %s in namespace %s has workspace %s already, and two of one name cannot be told apart; set another name with workspace=NAME, or take another release name" $other $.Release.Namespace $workspace) -}}
{{- end -}}
{{- end -}}
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
{{- if and .Release.IsInstall (not $home.ignoreKept) -}}
{{- with include "ws.home.left" . -}}
{{- fail (printf "claim %s of an earlier release has the home, but home.type is emptyDir, so the home would be a new and empty one; set home.type=claim to use it again, or insist with home.ignoreKept=true" .) -}}
{{- end -}}
{{- end -}}
{{- if and $home.existingClaim (ne $home.type "existingClaim") -}}
{{- fail (printf "home.existingClaim is %q but home.type is %q: two homes at once; set home.type to existingClaim" $home.existingClaim $home.type) -}}
{{- end -}}
{{- if and (eq $home.type "existingClaim") (not $home.existingClaim) -}}
{{- fail "home.type is existingClaim; home.existingClaim must name the claim" -}}
{{- end -}}
{{- if and .Release.IsInstall (eq $home.type "existingClaim") -}}
{{- with include "ws.home.shared" . -}}
{{- fail (printf "home.existingClaim is %s, and release %s runs with the same home in it, which two workspaces must not write at once; set home.subPath to a folder of its own, or stop or uninstall %s first" $home.existingClaim . .) -}}
{{- end -}}
{{- end -}}
{{- if ne $home.type "claim" -}}
{{- range list "storageClass" "size" "accessModes" -}}
{{- if not (kindIs "invalid" (index $home .)) -}}
{{- fail (printf "home.%s is of a new claim, but home.type is %q; set home.type to claim, or home.%s to null (--reuse-values would keep it, --reset-then-reuse-values does not)" . $home.type .) -}}
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
{{- if kindIs "invalid" $line -}}
{{- fail (printf "authorizedKeys[%d] is null: a list is replaced as a whole, so `--set authorizedKeys[1]=…` leaves the others out; give the whole list, in a values file or with --set-json 'authorizedKeys=[\"KEY\", \"KEY\"]'" $index) -}}
{{- end -}}
{{- with include "ws.key.fault" (trim $line) -}}
{{- fail (printf "authorizedKeys[%d] %s" $index .) -}}
{{- end -}}
{{- end -}}
{{- $host := .Values.hostKey -}}
{{- if and $host.privateKey $host.existingSecret -}}
{{- fail "hostKey.privateKey and hostKey.existingSecret are both set; keep one" -}}
{{- end -}}
{{- with $host.privateKey -}}
{{- with include "ws.hostKey.fault" . -}}
{{- fail (printf "hostKey.privateKey %s" .) -}}
{{- end -}}
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
{{- with get (dict "9222" "health checks and metrics" "2223" "sessions that are resumed") (toString (int .Values.ssh.port)) -}}
{{- fail (printf "ssh.port %d is the port of %s in the pod; choose another" (int $.Values.ssh.port) .) -}}
{{- end -}}
{{- end }}

{{- define "ws.validate.idle" -}}
{{- $idle := .Values.idle -}}
{{- if and $idle.actor (not $idle.stopAfter) (not $idle.endAfter) -}}
{{- fail "idle.actor is true but idle.stopAfter is empty; set it to a time, such as 2h" -}}
{{- end -}}
{{- if and $idle.stopAfter (not $idle.actor) -}}
{{- fail (printf "idle.stopAfter is %s but idle.actor is false, so nothing would stop the workspace; set idle.actor to true, which adds a second pod" $idle.stopAfter) -}}
{{- end -}}
{{- range $name := list "stopAfter" "endAfter" -}}
{{- with get $idle $name -}}
{{- if eq $.Values.home.type "emptyDir" -}}
{{- fail (printf "idle.%s is %s but home.type is emptyDir, so the home would be lost with the first %s; set home.type to claim" $name . (ternary "sleep" "stop" (eq $name "stopAfter"))) -}}
{{- end -}}
{{- if lt (include "ws.span.seconds" . | int) 60 -}}
{{- fail (printf "idle.%s %s is shorter than a minute; nobody could read the notice before it" $name .) -}}
{{- end -}}
{{- end -}}
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
{{- with $certificates.pem }}{{ include "ws.validate.certificates" . }}{{ end -}}
{{- $shared := .Values.sharedMemorySizeLimit -}}
{{- $memory := index .Values.resources.limits "memory" -}}
{{- if and $shared $memory (ge (include "ws.number" $shared | float64) (include "ws.number" $memory | float64)) -}}
{{- fail (printf "sharedMemorySizeLimit is %s but resources.limits.memory is %s, and /dev/shm is part of that: a program could fill it and leave nothing; set it lower, or the limit higher" (include "ws.forms.text" $shared) (include "ws.forms.text" $memory)) -}}
{{- end -}}
{{- range $field := list "labels" "podLabels" "annotations" "podAnnotations" -}}
{{- range $key, $_ := index $.Values $field -}}
{{- if regexMatch "^(ws\\.dev/|app\\.kubernetes\\.io/(name|instance|component|version|managed-by)$|helm\\.sh/|checksum/|kube-score/ignore$|checkov\\.io/|kubectl\\.kubernetes\\.io/default-container$)" $key -}}
{{- fail (printf "%s %q is set by the chart itself; choose another key" $field $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/*
ws.validate.certificates TEXT: each certificate is base64 of one DER SEQUENCE that is as long as it says. A program that
finds one that is not may pass over all of them.
*/}}
{{- define "ws.validate.certificates" -}}
{{- $blocks := splitList "-----BEGIN CERTIFICATE-----" . | rest -}}
{{- range $index, $block := $blocks -}}
{{- $body := regexReplaceAll `(?s)-----END CERTIFICATE-----.*$` $block "" | nospace -}}
{{- $fault := "" -}}
{{- if not (contains "-----END CERTIFICATE-----" $block) -}}
{{- $fault = "has no END CERTIFICATE line" -}}
{{- else if or (not (regexMatch `^[A-Za-z0-9+/]+={0,2}$` $body)) (mod (len $body) 4) -}}
{{- $fault = "is not base64" -}}
{{- else -}}
{{- $hex := printf "%x" (b64dec $body) -}}
{{- $head := regexFind `^30(83......|82....|81..|[0-7].)` $hex -}}
{{- $length := $head | trimPrefix "30" -}}
{{- if gt (len $length) 2 }}{{ $length = substr 2 -1 $length }}{{ end -}}
{{- if or (not $head) (ne (mul 2 (printf "0x%s" ($length | default "0") | int64) | int) (sub (len $hex) (len $head) | int)) -}}
{{- $fault = "holds no certificate, or a part of one" -}}
{{- end -}}
{{- end -}}
{{- if $fault -}}
{{- fail (printf "extraCaCertificates.pem: certificate %d of %d %s; copy it again, whole" (add1 $index) (len $blocks) $fault) -}}
{{- end -}}
{{- end -}}
{{- end }}
