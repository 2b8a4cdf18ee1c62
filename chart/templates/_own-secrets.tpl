{{/*
ws.ownSecret.isRendered (list CONTEXT NAME EXISTING FOUND): whether the manifest has the release's own Secret. It has it
in every revision, also where an existing one takes its place: then without data, so that nothing of it changes. If only
the revision that a rollback goes to had it, Helm would compare it with the cluster, and delete all data that its
manifest leaves out. A Secret of that name which somebody else brought is theirs.
*/}}
{{- define "ws.ownSecret.isRendered" -}}
{{- $context := index . 0 -}}
{{- $name := index . 1 -}}
{{- $existing := index . 2 -}}
{{- $annotations := dig "metadata" "annotations" dict (index . 3 | default dict) | default dict -}}
{{- $isOurs := and (eq (index $annotations "meta.helm.sh/release-name" | default "") $context.Release.Name) (eq (index $annotations "meta.helm.sh/release-namespace" | default "") $context.Release.Namespace) -}}
{{- if or (not $existing) $isOurs (and (not (index . 3)) (ne $existing $name)) }}yes{{ end -}}
{{- end }}
