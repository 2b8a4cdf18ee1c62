{{/*
passwd and group: the accounts of the base image and the user, read-only in the pod. A base account with the user's UID,
or a base group with the user's GID, is left out, so each number has one name. tty stays, because Dropbear gives each
terminal to group 5.
*/}}
{{- define "ws.passwd" -}}
{{- $uid := int64 .Values.user.uid | toString -}}
{{- range (list
  "root:x:0:0:root:/root:/usr/sbin/nologin"
  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin"
  "bin:x:2:2:bin:/bin:/usr/sbin/nologin"
  "sys:x:3:3:sys:/dev:/usr/sbin/nologin"
  "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin"
  "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin"
  "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin"
  "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin"
  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin") }}
{{- if ne (index (splitList ":" .) 2) $uid }}
{{ . }}
{{- end }}
{{- end }}
{{ .Values.user.name }}:x:{{ $uid }}:{{ int64 .Values.user.gid }}:{{ .Values.user.name }}:{{ include "ws.home.path" . }}:{{ .Values.user.shell }}
{{- end }}

{{- define "ws.group" -}}
{{- $gid := int64 .Values.user.gid | toString -}}
{{- range (list "root:x:0:" "daemon:x:1:" "bin:x:2:" "sys:x:3:" "adm:x:4:" "tty:x:5:" "mail:x:8:" "man:x:12:" "www-data:x:33:" "users:x:100:" "nogroup:x:65534:") }}
{{- if or (eq . "tty:x:5:") (ne (index (splitList ":" .) 2) $gid) }}
{{ . }}
{{- end }}
{{- end }}
{{ .Values.user.name }}:x:{{ $gid }}:
{{- end }}
