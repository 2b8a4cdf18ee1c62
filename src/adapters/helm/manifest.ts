/** What a release is made of, as Helm renders it. */
import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml';
import type { ManifestObject } from '../../workspace/release/releases.ts';

interface Rendered extends ManifestObject {
  metadata?: { name?: unknown };
  spec?: { template?: object };
}

/** All of its objects. */
export function listObjects(manifest: string): Rendered[] {
  return loadAll(manifest, { schema: CORE_SCHEMA.withTags(mergeTag) }).filter(
    (document): document is Rendered => typeof (document as Partial<Rendered> | null)?.kind === 'string',
  );
}

/** The pod template of the Deployment of this name; undefined when the manifest has none. */
export function findPodTemplate(manifest: string, deployment: string): object | undefined {
  const found = listObjects(manifest).find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata?.name === deployment,
  );
  return found?.spec?.template;
}
