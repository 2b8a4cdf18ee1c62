import { CHART, PUBLIC_KEY, run } from '../helm.ts';

/** Helm's notes of an install. Only helm 4 shows them without a cluster; the text is the same template in both. */
export async function renderNotes(values: object): Promise<string> {
  const args = ['install', 'ws-dev', CHART, '--namespace', 'team', '--dry-run=client', '--kubeconfig', '/dev/null'];
  const out = await run('helm', [...args, '--values', '-'], { authorizedKeys: [PUBLIC_KEY], ...values });
  return out.slice(out.indexOf('NOTES:'));
}
