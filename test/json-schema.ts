/** The schemas of docs/json.schema.json and of the chart, as tests hold documents and values against them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

interface Schema {
  type?: string | string[];
  additionalProperties?: unknown;
  $defs?: Record<string, Schema>;
  [keyword: string]: unknown;
}

interface Validator {
  addSchema(schema: object, name: string): void;
  addFormat(name: string, format: RegExp): void;
  getSchema(
    ref: string,
  ): ((data: unknown) => boolean) & { errors?: { instancePath: string; message?: string }[] | null };
}

const schema = JSON.parse(readFileSync(path.join(ROOT, 'docs/json.schema.json'), 'utf8')) as Schema;
const commands = schema.$defs?.['commands']?.$defs ?? {};

/**
 * The validator that comes with the settings' own package, in strict mode: it refuses keywords that it does not know.
 */
const { Ajv2020 } = createRequire(path.join(ROOT, 'node_modules/conf/package.json'))('ajv/dist/2020.js') as {
  Ajv2020: new (options: object) => Validator;
};
const validator = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
validator.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
validator.addSchema(schema, 'ws');

/** What is wrong with a command's document, or with an `error` or a `progress` line. */
export function formatSchemaFaults(name: string, document: unknown): string[] {
  const place = name in commands ? `commands/$defs/${encodeURIComponent(name)}` : name;
  const validate = validator.getSchema(`ws#/$defs/${place}`);
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${name}${instancePath} ${message}`);
}

const valuesSchema = JSON.parse(readFileSync(path.join(ROOT, 'chart/values.schema.json'), 'utf8')) as Schema;
const values = new Ajv2020({ strict: false, allErrors: true });
values.addSchema(valuesSchema, 'values');

/** What the chart's schema would say against these values. */
export function findValuesFaults(given: object): string[] {
  const validate = values.getSchema('values');
  if (validate(given)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

export function listDocumentedCommands(): string[] {
  return Object.keys(commands).toSorted();
}

/** Definitions with an object that takes any member. */
export function listOpenObjects(): string[] {
  const all = { ...schema.$defs, ...commands };
  return Object.entries(all)
    .filter(([name, definition]) => name !== 'commands' && hasOpenObject(definition))
    .map(([name]) => name);
}

function hasOpenObject(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { type, additionalProperties } = node as Schema;
  if (type === 'object' && additionalProperties === undefined) return true;
  return Object.values(node).some(hasOpenObject);
}
