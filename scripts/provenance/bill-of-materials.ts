/** A program as SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/): its files, and the packages inside it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

export interface Program {
  name: string;
  version: string;
  licence: string;
  /** Its folder, and the paths of the built files in it. */
  folder: string;
  files: string[];
  /** Packages that an install adds if there is one for the machine. */
  optional?: Record<string, string>;
}

const PROGRAM_ID = 'SPDXRef-Program';

/** Returns the document as JSON. `createdMs` counts from 1970. */
export function toBillOfMaterials(program: Program, packages: BundledPackage[], createdMs: number): string {
  const bundled = packages.map((entry) => ({ id: toId('Package', `${entry.name}-${entry.version}`), entry }));
  const files = program.files.map((file) => ({ id: toId('File', file), file, bytes: readOf(program, file) }));
  const optional = Object.entries(program.optional ?? {}).map(([name, range]) => ({
    id: toId('Optional', name),
    name,
    range,
  }));
  const content = {
    packages: [
      {
        SPDXID: PROGRAM_ID,
        name: program.name,
        versionInfo: program.version,
        primaryPackagePurpose: 'APPLICATION',
        downloadLocation: 'NOASSERTION',
        filesAnalyzed: false,
        licenseDeclared: program.licence,
        licenseConcluded: program.licence,
        copyrightText: 'NOASSERTION',
        externalRefs: [toPurl(program.name, program.version)],
      },
      ...bundled.map(({ id, entry }) => toPackage(id, entry)),
      ...optional.map(({ id, name, range }) => ({
        SPDXID: id,
        name,
        versionInfo: range,
        primaryPackagePurpose: 'LIBRARY',
        downloadLocation: 'NOASSERTION',
        filesAnalyzed: false,
        licenseDeclared: 'NOASSERTION',
        licenseConcluded: 'NOASSERTION',
        copyrightText: 'NOASSERTION',
      })),
    ],
    files: files.map(({ id, file, bytes }) => ({
      SPDXID: id,
      fileName: `./${file}`,
      checksums: ['sha1', 'sha256'].map((algorithm) => ({
        algorithm: algorithm.toUpperCase(),
        checksumValue: createHash(algorithm).update(bytes).digest('hex'),
      })),
      licenseConcluded: 'NOASSERTION',
      copyrightText: 'NOASSERTION',
    })),
    relationships: [
      relate('SPDXRef-DOCUMENT', 'DESCRIBES', PROGRAM_ID),
      ...[...bundled, ...files].map(({ id }) => relate(PROGRAM_ID, 'CONTAINS', id)),
      ...optional.map(({ id }) => relate(id, 'OPTIONAL_DEPENDENCY_OF', PROGRAM_ID)),
    ],
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
  return `${JSON.stringify({ ...toHead(program, digest, createdMs), ...content }, undefined, 1)}\n`;
}

function toHead({ name, version }: Program, digest: string, createdMs: number) {
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${name}-${version}`,
    documentNamespace: `https://ws.dev/sbom/${name}-${version}-${digest}`,
    // SPDX has no fractions of a second.
    creationInfo: {
      creators: ['Tool: ws-bill-of-materials'],
      created: new Date(createdMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    },
  };
}

function toPackage(id: string, { name, version, licence, homepage, sha512 }: BundledPackage) {
  return {
    SPDXID: id,
    name,
    versionInfo: version,
    primaryPackagePurpose: 'LIBRARY',
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(homepage === undefined ? {} : { homepage }),
    ...(sha512 === undefined ? {} : { checksums: [{ algorithm: 'SHA512', checksumValue: sha512 }] }),
    licenseDeclared: licence ?? 'NOASSERTION',
    licenseConcluded: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    externalRefs: [toPurl(name, version)],
  };
}

/** A package URL of npm, in which a scope's `@` is `%40`. */
function toPurl(name: string, version: string) {
  const locator = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: locator };
}

function relate(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

/** SPDX identifiers have only letters, digits, dots and dashes. Different names must stay different. */
function toId(kind: string, name: string): string {
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.-]/g, '-')}-${mark}`;
}

function readOf({ folder }: Program, file: string): Buffer {
  return readFileSync(path.join(folder, file));
}
