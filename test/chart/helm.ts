/** Helm 3 and 4 as the chart's tests run them: the real programs of the toolchain, on the real chart. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const CHART = path.join(ROOT, 'chart');

/** Both majors, by the names that the toolchain gives them. */
export const HELMS = ['helm', 'helm3'] as const;
export type Helm = (typeof HELMS)[number];

/** Every second case for each: both have the same templates, and a case takes a third of a second. */
export function share<Case>(cases: Iterable<Case>, helm: Helm): Case[] {
  return [...cases].filter((_, index) => index % HELMS.length === HELMS.indexOf(helm));
}

/** What a test reads of a rendered object; everything else is `unknown` on purpose. */
export interface Rendered {
  kind: string;
  apiVersion: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  // Manifests are read at any depth, and a wrong path fails the test.
  [field: string]: any;
}

/** What helm said when it refused. */
export class Refusal extends Error {}

/** Without it nobody can log in, and the chart refuses to render. */
export const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQPq5mDbYzvLAOnBmTvAHl3gbnCR0kc7qw0xW4Z8m2N alice@laptop';
const BASE = { authorizedKeys: [PUBLIC_KEY] };

/** The cluster's version: a helm built from source does not know one. */
const KUBE_VERSION = ['--kube-version', '1.37.2'];

export interface RenderOptions {
  helm?: Helm;
  release?: string;
  /** False leaves out the public key that every rendering needs. */
  withKey?: boolean;
  /** Another folder than the chart's own. */
  chart?: string | undefined;
}

/** Renders with `helm template`; throws a `Refusal` with helm's words. */
export async function render(values: object = {}, options: RenderOptions = {}): Promise<Rendered[]> {
  const { helm = 'helm', release = 'ws-dev', withKey = true, chart = CHART } = options;
  const text = await run(helm, ['template', release, chart, ...KUBE_VERSION, '--values', '-'], {
    ...(withKey ? BASE : {}),
    ...values,
  });
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** The one object of a kind, or the one of a kind and name. */
export function pick(objects: Rendered[], kind: string, name?: string): Rendered {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${found.length} of ${kind} ${name ?? ''} in ${kinds(objects)}`);
  return found[0];
}

/** Kinds as rendered, without those of `helm test`. */
export function kinds(objects: Rendered[]): string[] {
  return objects
    .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== 'test')
    .map(({ kind }) => kind)
    .toSorted();
}

/** The workspace's pod template. */
export function podOf(objects: Rendered[]): Rendered {
  return workspaceOf(objects).spec.template;
}

/** The workspace's Deployment. Another one may let it sleep. */
export function workspaceOf(objects: Rendered[]): Rendered {
  const own = objects.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'ws-workspace');
  return pick(own, 'Deployment');
}

/** The workspace's container. */
export function containerOf(objects: Rendered[]): Rendered {
  return podOf(objects).spec.containers[0];
}

export function environmentOf(objects: Rendered[]): Record<string, string> {
  return Object.fromEntries(
    containerOf(objects).env.map((entry: { name: string; value: string }) => [entry.name, entry.value]),
  );
}

/** Runs helm with values on stdin; resolves with stdout, or throws a `Refusal` with both streams. */
export function run(helm: Helm, args: string[], values: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(path.join(findToolchain(), helm), args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Refusal(`${stdout}${stderr}`));
    });
    // Helm may refuse before it has read its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(toAscii(JSON.stringify(values)));
  });
}

/** A reader of YAML takes more than JSON does for the end of a line. */
function toAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The folder of helm and helm3: `WS_TOOLCHAIN`, else the test cluster's. */
export function findToolchain(): string {
  const folder =
    process.env.WS_TOOLCHAIN ??
    execFileSync('bash', ['scripts/cluster.sh', 'path'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const missing = HELMS.find((name) => !existsSync(path.join(folder, name)));
  if (missing !== undefined)
    throw new Error(
      `there is no ${missing} in ${folder}; "npm run setup" builds it, or set WS_TOOLCHAIN to a folder with helm and helm3`,
    );
  return folder;
}
