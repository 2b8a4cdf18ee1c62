/** Lists the npm packages in a bundle, from esbuild's own report. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildResult, Metafile } from 'esbuild';

export interface BundledPackage {
  name: string;
  version: string;
  /** As package.json declares it; undefined if that is not an SPDX expression. */
  licence?: string;
  /** The texts of its licence and notice files, sorted by name. */
  texts: string[];
  homepage?: string;
  /** Hash of the package's tarball, in hexadecimal. */
  sha512?: string;
}

/** The packages that a build put in, and the licence comments of their code. */
export class Ingredients {
  readonly #root: string;
  readonly #result: BuildResult;

  /** Takes a build with `metafile: true`, `legalComments: 'external'` and `write: false`. */
  constructor(root: string, result: BuildResult) {
    this.#root = root;
    this.#result = result;
  }

  /** Sorted by name and version. Throws if a package has no version. */
  list(): BundledPackage[] {
    const lock = JSON.parse(readFileSync(path.join(this.#root, 'package-lock.json'), 'utf8')) as Lock;
    const folders = new Set(listFolders(this.#result.metafile));
    const packages = [...folders].map((folder) => readPackage(this.#root, folder, lock));
    const key = ({ name, version }: BundledPackage) => `${name}@${version}`;
    const once = new Map(packages.map((entry) => [key(entry), entry]));
    return [...once.values()].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** Licence comments, each below its file. Some name authors whom no licence file names. */
  listNotices(): string[] {
    // A line without an indent starts the next file. The first one is esbuild's heading.
    const files = (this.#result.outputFiles ?? []).filter(({ path: file }) => isLegalFile(file));
    const parts = files.flatMap(({ text }) =>
      text
        .trim()
        .split(/\n\n(?=\S)/)
        .slice(1),
    );
    return [...new Set(parts)].toSorted();
  }
}

/** esbuild's file of licence comments beside a bundle. */
export function isLegalFile(file: string): boolean {
  return file.endsWith('.LEGAL.txt');
}

interface Lock {
  packages: Record<string, { integrity?: string }>;
}

/** Folders of packages that have at least a byte in an output. */
function listFolders(metafile: Metafile | undefined): string[] {
  const inputs = Object.values(metafile?.outputs ?? {}).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    // A plugin's namespace may precede the path.
    .map(([file]) => /(?:^|:)((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1]);
  return folders.filter((folder) => folder !== undefined);
}

function readPackage(root: string, folder: string, lock: Lock): BundledPackage {
  const about = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
    name?: string;
    version?: string;
    license?: unknown;
    licenses?: unknown;
    homepage?: unknown;
  };
  const licence = findLicence(about);
  if (about.name === undefined || about.version === undefined) throw new Error(`${folder} tells no name and version`);
  const [algorithm, hash = ''] = lock.packages[folder]?.integrity?.split('-') ?? [];
  return {
    name: about.name,
    version: about.version,
    texts: readLicences(path.join(root, folder)),
    ...(licence === undefined ? {} : { licence }),
    ...(typeof about.homepage === 'string' ? { homepage: about.homepage } : {}),
    ...(algorithm === 'sha512' ? { sha512: Buffer.from(hash, 'base64').toString('hex') } : {}),
  };
}

/** Returns an SPDX expression. Old packages have a list of `{ type }` instead. */
function findLicence({ license, licenses }: { license?: unknown; licenses?: unknown }): string | undefined {
  const listed = Array.isArray(licenses) ? licenses.map((one: { type?: unknown }) => one.type) : [];
  const types = (license === undefined ? listed : [license]).filter((type) => typeof type === 'string');
  const expression = types.join(' OR ');
  return expression === '' || /^(UNLICENSED|SEE )/.test(expression) ? undefined : expression;
}

function readLicences(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice|patents)\b/i.test(entry.name))
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => readFileSync(path.join(folder, name), 'utf8').trim());
}
