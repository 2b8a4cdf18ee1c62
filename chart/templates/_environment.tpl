{{/*
ws.environment.owned: the variables that extraEnv cannot set, by who sets them, and what to do instead. A test holds the
names against the server, Dropbear and the image.
*/}}
{{- define "ws.environment.owned" -}}
{{- list
  (dict
    "names" `WS_.*|ws_.*`
    "why" "names that start with WS_ are the server's own")
  (dict
    "names" `HOME|USER|LOGNAME|SHELL`
    "why" "each login sets it from the user's account; user.name and user.shell change that")
  (dict
    "names" `PATH`
    "why" "each login sets it; put your folders in front of it in ~/.profile")
  (dict
    "names" `TERM|COLORTERM|SSH_(TTY|CONNECTION|CLIENT|ORIGINAL_COMMAND|PUBKEYINFO)`
    "why" "each login sets it to what the client says")
  (dict
    "names" `HOMEBREW_(PREFIX|CELLAR|REPOSITORY)`
    "why" "each shell sets it to where the image has Homebrew")
  (dict
    "names" `TMUX|TMUX_PANE`
    "why" "tmux sets it in its own terminals, and would take each login for one; set tmux up in ~/.tmux.conf")
  (dict
    "names" `SHLVL|PWD|OLDPWD|UID|EUID|PPID`
    "why" "each shell sets it, and with another SHLVL bash takes no command for one of a login")
  (dict
    "names" `SHELLOPTS|BASHOPTS`
    "why" "each bash, also that of a login, would start with these options; set them in ~/.bashrc")
  (dict
    "names" `NODE_(OPTIONS|PATH|COMPILE_CACHE|ICU_DATA|V8_COVERAGE|DEBUG|DEBUG_NATIVE|CHANNEL_FD|CHANNEL_SERIALIZATION_MODE|UNIQUE_ID|REDIRECT_WARNINGS)|OPENSSL_(CONF|MODULES|ENGINES)|UV_(THREADPOOL_SIZE|USE_IO_URING)|LD_.*|GCONV_PATH|GLIBC_TUNABLES|TINI_.*`
    "why" "would reach the server as well, which runs on Node, and change what it runs; set it in the home, in ~/.profile")
| toJson -}}
{{- end }}

{{/* ws.environment.certificates: the variables that the server sets where there are extra certificates. */}}
{{- define "ws.environment.certificates" -}}
SSL_CERT_FILE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|PIP_CERT|UV_SYSTEM_CERTS
{{- end }}

{{- define "ws.validate.environment" -}}
{{- $owned := include "ws.environment.owned" . | fromJsonArray -}}
{{- range $variable := .Values.extraEnv -}}
{{- range $owned -}}
{{- if regexMatch (printf "^(%s)$" .names) $variable.name -}}
{{- fail (printf "extraEnv %q%s %s" $variable.name (ternary "" ":" (hasPrefix "would" .why)) .why) -}}
{{- end -}}
{{- end -}}
{{- if and (include "ws.hasCertificates" $) (regexMatch (printf "^(%s)$" (include "ws.environment.certificates" $)) .name) -}}
{{- fail (printf "extraEnv %q: extraCaCertificates sets it to the system's certificates and yours; keep one of the two" .name) -}}
{{- end -}}
{{- end -}}
{{- end }}
