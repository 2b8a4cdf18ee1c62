/**
 * Turns the OpenAPI description in the Kubernetes source (api/openapi-spec/swagger.json) into JSON schemas for
 * kubeconform: one file per kind, closed, so that a misspelt field is an error.
 *
 * Usage: schemas SWAGGER FOLDER
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Definition {
  $ref?: string;
  type?: string | string[];
  format?: string;
  properties?: Record<string, Definition>;
  items?: Definition;
  additionalProperties?: boolean | Definition;
  oneOf?: Definition[];
  'x-kubernetes-group-version-kind'?: { group: string; kind: string; version: string }[];
}

const DEFINITIONS = '_definitions.json';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** Closes objects and lets numbers stand where the API server takes them. */
function tighten(definition: Definition): Definition {
  if (definition.format === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  const { $ref, properties, items, additionalProperties } = definition;
  if ($ref !== undefined) return { $ref: $ref.replace('#/definitions/', `${DEFINITIONS}#/definitions/`) };
  return {
    ...definition,
    ...(properties === undefined ? {} : { properties: mapValues(properties, tighten), additionalProperties: false }),
    ...(items === undefined ? {} : { items: tighten(items) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: tighten(additionalProperties) } : {}),
  };
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

const [, , swagger, folder] = process.argv;
if (swagger === undefined || folder === undefined) throw new Error('usage: schemas SWAGGER FOLDER');
const { definitions } = JSON.parse(readFileSync(swagger, 'utf8')) as { definitions: Record<string, Definition> };
const tight: Record<string, Definition> = {
  ...mapValues(definitions, tighten),
  [QUANTITY]: { oneOf: [{ type: 'string' }, { type: 'number' }] },
};
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, DEFINITIONS), JSON.stringify({ definitions: tight }));
for (const [name, definition] of Object.entries(definitions)) {
  const kinds = definition['x-kubernetes-group-version-kind'] ?? [];
  // Options and the like are listed under every group; only a kind of one group is an object of a manifest.
  if (kinds.length !== 1) continue;
  for (const { group, kind, version } of kinds) {
    const file = [kind, ...(group === '' ? [] : [group.split('.')[0]]), version].join('-').toLowerCase();
    writeFileSync(path.join(folder, `${file}.json`), JSON.stringify({ $ref: `${DEFINITIONS}#/definitions/${name}` }));
  }
}
