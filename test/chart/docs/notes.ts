import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHART, PUBLIC_KEY, run } from '../helm.ts';

/** Helm's notes of an install. Only helm 4 shows them without a cluster; the text is the same template in both. */
export async function renderNotes(values: object, chart = CHART): Promise<string> {
  const args = ['install', 'ws-dev', chart, '--namespace', 'team', '--dry-run=client', '--kubeconfig', '/dev/null'];
  const out = await run('helm', [...args, '--values', '-'], { authorizedKeys: [PUBLIC_KEY], ...values });
  return out.slice(out.indexOf('NOTES:'));
}

/** What the cluster has, as far as a note reads it. */
export interface Found {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  [field: string]: unknown;
}

/** The notes of an upgrade, or an install, in a cluster that has these objects: a copy of the chart looks at them. */
export async function renderNotesInCluster(values: object, found: Found[], isInstall = false): Promise<string> {
  const chart = mkdtempSync(path.join(tmpdir(), 'chart-'));
  try {
    cpSync(CHART, chart, { recursive: true });
    writeFileSync(path.join(chart, 'found.json'), JSON.stringify(found));
    writeFileSync(
      path.join(chart, 'templates/_found.tpl'),
      `{{- define "found" -}}
{{- $words := . -}}
{{- $found := dict -}}
{{- range (index $words 0).Files.Get "found.json" | fromJsonArray -}}
{{- if and (eq .kind (index $words 1)) (eq .metadata.name (index $words 2)) }}{{ $found = . }}{{ end -}}
{{- end -}}
{{- $found | toJson -}}
{{- end }}`,
    );
    for (const name of readdirSync(path.join(chart, 'templates')).filter((each) => path.extname(each) !== '')) {
      const file = path.join(chart, 'templates', name);
      const text = readFileSync(file, 'utf8')
        .replaceAll(
          /lookup "\S+" ("\S+"|\$kind) (\$?\.)Release\.Namespace (\$name|\(.*?\))/g,
          (_, kind, context, name) =>
            `(include "found" (list ${context === '$.' ? '$' : '.'} ${kind} ${name}) | fromJson)`,
        )
        .replaceAll('.Release.IsInstall', isInstall ? '.Release.IsInstall' : '.Release.IsUpgrade');
      writeFileSync(file, text);
    }
    return await renderNotes(values, chart);
  } finally {
    rmSync(chart, { recursive: true });
  }
}
