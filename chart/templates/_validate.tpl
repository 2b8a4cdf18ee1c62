{{/* What the schema cannot say: values that disagree, and names that come from outside. One sentence each. */}}
{{- define "ws.validate" -}}
{{- if gt (len .Release.Name) 40 -}}
{{- fail (printf "the release name %q has %d characters; 40 fit, so that every object's name stays a valid label" .Release.Name (len .Release.Name)) -}}
{{- end -}}
{{- if gt (len (include "ws.workspace" .)) 40 -}}
{{- fail (printf "workspace %q has more than 40 characters" (include "ws.workspace" .)) -}}
{{- end -}}
{{- $home := .Values.home -}}
{{- if and $home.existingClaim (ne $home.type "existingClaim") -}}
{{- fail (printf "home.existingClaim is %q but home.type is %q: two homes at once; set home.type to existingClaim" $home.existingClaim $home.type) -}}
{{- end -}}
{{- if and (eq $home.type "existingClaim") (not $home.existingClaim) -}}
{{- fail "home.type is existingClaim; home.existingClaim must name the claim" -}}
{{- end -}}
{{- if and $home.subPath (eq $home.type "emptyDir") -}}
{{- fail "home.subPath is a folder of a claim; home.type is emptyDir" -}}
{{- end -}}
{{- if and .Values.authorizedKeys .Values.existingAuthorizedKeysSecret -}}
{{- fail "authorizedKeys and existingAuthorizedKeysSecret are both set; keep one" -}}
{{- end -}}
{{- if not (or .Values.authorizedKeys .Values.existingAuthorizedKeysSecret) -}}
{{- fail "authorizedKeys is empty: nobody could log in; add a public key, or name a Secret in existingAuthorizedKeysSecret" -}}
{{- end -}}
{{- range $index, $key := .Values.authorizedKeys -}}
{{- if contains "PRIVATE KEY" $key -}}
{{- fail (printf "authorizedKeys[%d] is a private key; only the public half (the .pub file) belongs here" $index) -}}
{{- end -}}
{{- if not (regexMatch "(^|[ ,\"])(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com) AAAA[A-Za-z0-9+/]+={0,3}( [^\\n\\r]*)?$" $key) -}}
{{- fail (printf "authorizedKeys[%d] is not a public key: it needs TYPE, a space and the key, on one line" $index) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.hostKey.privateKey .Values.hostKey.existingSecret -}}
{{- fail "hostKey.privateKey and hostKey.existingSecret are both set; keep one" -}}
{{- end -}}
{{- if and .Values.hostKey.privateKey (regexMatch "^(ssh-|ecdsa-)" .Values.hostKey.privateKey) -}}
{{- fail "hostKey.privateKey is a public key; the server needs the private half" -}}
{{- end -}}
{{- if and .Values.service.nodePort (eq .Values.service.type "ClusterIP") -}}
{{- fail "service.nodePort needs service.type NodePort or LoadBalancer" -}}
{{- end -}}
{{- if and .Values.extraCaCertificates.pem .Values.extraCaCertificates.existingConfigMap -}}
{{- fail "extraCaCertificates.pem and extraCaCertificates.existingConfigMap are both set; keep one" -}}
{{- end -}}
{{- if eq (int .Values.ssh.port) 9222 -}}
{{- fail "ssh.port 9222 is the port of health checks and metrics in the pod" -}}
{{- end -}}
{{- end }}
