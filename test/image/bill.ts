/** Reads a bill of materials in SPDX 2.3 JSON, strictly enough to find one that no scanner could follow. */

interface Relationship {
  spdxElementId: string;
  relationshipType: string;
  relatedSpdxElement: string;
}

export interface Entry {
  SPDXID: string;
  name: string;
  versionInfo: string;
  licenseDeclared: string;
  primaryPackagePurpose?: string;
  comment?: string;
  /** The package URL. */
  purl?: string;
  /** ALGORITHM:HEX. */
  checksum?: string;
}

interface Checksum {
  algorithm: string;
  checksumValue: string;
}

export interface File {
  SPDXID: string;
  fileName: string;
  checksums: Checksum[];
}

interface Raw {
  spdxVersion: string;
  SPDXID: string;
  documentNamespace: string;
  creationInfo: { created: string };
  packages: (Entry & { checksums?: Checksum[]; externalRefs?: { referenceLocator: string }[] })[];
  files: File[];
  relationships: Relationship[];
}

export interface Bill {
  created: string;
  packages: Entry[];
  files: File[];
  /** What is wrong with the document as a whole. */
  faults(): string[];
  /** The package that the document is about. */
  root(): Entry | undefined;
  find(name: string, isMeant?: (entry: Entry) => boolean): Entry[];
  /** What is directly inside the packages of that name. */
  within(name: string): Entry[];
}

export function readBill(text: string): Bill {
  const raw = JSON.parse(text) as Raw;
  const packages = raw.packages.map(({ checksums: [sum] = [], externalRefs: [ref] = [], ...entry }) => ({
    ...entry,
    ...(ref === undefined ? {} : { purl: ref.referenceLocator }),
    ...(sum === undefined ? {} : { checksum: `${sum.algorithm}:${sum.checksumValue}` }),
  }));
  const find = (name: string, isMeant: (entry: Entry) => boolean = () => true) =>
    packages.filter((entry) => entry.name === name && isMeant(entry));
  const related = (kind: string, ids: string[]) => {
    const targets = raw.relationships
      .filter(({ relationshipType, spdxElementId }) => relationshipType === kind && ids.includes(spdxElementId))
      .map(({ relatedSpdxElement }) => relatedSpdxElement);
    return packages.filter(({ SPDXID }) => targets.includes(SPDXID));
  };
  return {
    created: raw.creationInfo.created,
    packages,
    files: raw.files,
    faults: () => listFaults(raw),
    root: () => related('DESCRIBES', ['SPDXRef-DOCUMENT'])[0],
    find,
    within: (name) =>
      related(
        'CONTAINS',
        find(name).map(({ SPDXID }) => SPDXID),
      ),
  };
}

const HEX_LENGTHS: Record<string, number> = { SHA1: 40, SHA256: 64, SHA512: 128 };

/** The rules of SPDX 2.3 that a generator breaks first: identifiers, references, hashes, dates. */
function listFaults(raw: Raw): string[] {
  const elements = [...raw.packages, ...raw.files];
  const ids = elements.map(({ SPDXID }) => SPDXID);
  const known = new Set([raw.SPDXID, ...ids]);
  const reached = new Set(raw.relationships.flatMap((one) => [one.spdxElementId, one.relatedSpdxElement]));
  const sums = elements.flatMap(({ SPDXID, checksums = [] }) => checksums.map((sum) => ({ SPDXID, ...sum })));
  return [
    ...(raw.spdxVersion === 'SPDX-2.3' ? [] : ['its version']),
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(raw.creationInfo.created) ? [] : ['its date']),
    ...(/-[0-9a-f]{32}$/.test(raw.documentNamespace) ? [] : ['a namespace that another document could have']),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`),
    ...ids.filter((id) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(id)).map((id) => `no identifier: ${id}`),
    ...ids.filter((id) => !reached.has(id)).map((id) => `belongs to nothing: ${id}`),
    ...[...reached].filter((id) => !known.has(id)).map((id) => `leads nowhere: ${id}`),
    ...raw.packages.filter(({ versionInfo }) => !versionInfo).map(({ name }) => `no version: ${name}`),
    ...sums
      .filter(
        ({ algorithm, checksumValue }) =>
          !/^[0-9a-f]+$/.test(checksumValue) || HEX_LENGTHS[algorithm] !== checksumValue.length,
      )
      .map(({ SPDXID }) => `no hash: ${SPDXID}`),
  ];
}
