/** What a release is made of, as Helm renders it. */
import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml';

/** The pod template of the Deployment of this name; undefined when the manifest has none. */
export function findPodTemplate(manifest: string, deployment: string): object | undefined {
  const found = loadAll(manifest, { schema: CORE_SCHEMA.withTags(mergeTag) }).find((document) => {
    const { kind, metadata } = (document ?? {}) as { kind?: unknown; metadata?: { name?: unknown } };
    return kind === 'Deployment' && metadata?.name === deployment;
  });
  return (found as { spec?: { template?: object } } | undefined)?.spec?.template;
}
