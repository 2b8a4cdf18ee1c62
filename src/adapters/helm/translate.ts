/** Helm's dialect: what it prints on stderr, translated into `WorkspaceError` here and nowhere else. Helm 3 and 4. */

import { INSTANCE_LABEL } from '../../contract/labels.ts';
import { type ErrorCode, type ErrorParts, failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { describeRefusedRight } from '../../workspace/errors/foreign/refused-right.ts';
import { findSystemReason } from '../../workspace/errors/foreign/system-reasons.ts';
import { findGoYamlReason } from '../../workspace/errors/foreign/text-reasons.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { again, helm, kubectl, run, ws } from '../../workspace/errors/suggestion.ts';

type Rule = [pattern: RegExp, code: ErrorCode, toParts: (match: RegExpExecArray, text: string) => ErrorParts];

/** The codes behind Go's words. */
const GO_CODES: Record<string, string> = {
  'permission denied': 'EACCES',
  'is a directory': 'EISDIR',
  'not a directory': 'ENOTDIR',
};

/** First match wins, so the narrow ones come first. */
const RULES: Rule[] = [
  [
    /failed to open config file at (?<file>.+?): open .+?: (?<why>permission denied|is a directory|not a directory)/,
    'LOCAL_FILE_FAILED',
    ({ groups = {} }) => ({
      message: `Helm cannot use its file ${groups['file']}`,
      reason: findSystemReason(GO_CODES[groups['why'] ?? ''] ?? '', 'file') ?? '',
      suggestions: [{ ...run('export')`HOME=FOLDER`, note: 'another home, in which files can be made' }],
    }),
  ],
  [
    /values don't meet the specifications of the schema\(s\)[^\n]*\n(?<details>[\s\S]*)/,
    'CHART_REFUSED',
    (match) => ({
      message: 'The chart does not accept the values',
      reason: toSchemaReason(match.groups?.['details'] ?? ''),
      suggestions: [ws`up --help`],
    }),
  ],
  [
    /execution error at \([^)]*\): (?<sentence>[\s\S]*)/,
    'CHART_REFUSED',
    (match) => ({
      message: 'The chart refuses the values',
      reason: firstParagraph(match.groups?.['sentence'] ?? ''),
      suggestions: [ws`up --help`],
    }),
  ],
  [
    /failed to parse (?<file>.+?): (?<why>.*)/,
    'CHART_REFUSED',
    ({ groups = {} }) => ({
      message: `The values file ${groups['file']} cannot be read`,
      reason: findGoYamlReason(groups['why'] ?? '') ?? groups['why'] ?? '',
    }),
  ],
  [
    /^Error: (?:open|read) (?<file>.+?): (?<why>permission denied|is a directory|not a directory)$/m,
    'BAD_VALUE',
    ({ groups = {} }) => ({
      message: `The file ${groups['file']} cannot be read`,
      reason: findSystemReason(GO_CODES[groups['why'] ?? ''] ?? '', 'file') ?? '',
      suggestions: [run('ls')`-l ${groups['file'] ?? ''}`],
    }),
  ],
  [
    /open (?<file>\S+): no such file or directory/,
    'BAD_VALUE',
    ({ groups: { file = '' } = {} }) => ({
      message: `There is no file ${file}`,
      suggestions: [{ ...ws`up --values FILE`, again: { instead: [file] } }],
    }),
  ],
  [
    /no matches for kind "(?<kind>[^"]+)"/,
    'CHART_REFUSED',
    (match) => ({
      message: `The cluster does not know the kind ${match.groups?.['kind'] ?? ''}`,
      reason: 'the values ask for an object of a kind that an operator would have to install first',
      suggestions: [kubectl`api-resources`],
    }),
  ],
  [
    // Whatever else Helm says of it, the object has our labels and no release: it was applied from a file.
    /(?<kind>\w+) "(?<name>[^"]+)" in namespace "[^"]+" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: missing key "meta\.helm\.sh\/release-name": must be set to "(?<release>[^"]+)"; annotation validation error: missing key "meta\.helm\.sh\/release-namespace": must be set to "(?<namespace>[^"]+)"/,
    'RELEASE_FOREIGN',
    ({ groups: { kind = '', name = '', release = '', namespace = '' } = {} }) => ({
      message: `${kind} ${name} is there already, and no Helm release has it`,
      reason: 'It was applied from a file or by another tool, and Helm takes over only what says that it may',
      suggestions: [
        {
          ...kubectl`annotate secret,persistentvolumeclaim,configmap --selector ${INSTANCE_LABEL}=${release} meta.helm.sh/release-name=${release} meta.helm.sh/release-namespace=${namespace}`,
          note: 'lets Helm take over what is there of this workspace',
        },
        again({ ...ws`up`, note: 'then, the same again' }),
        { ...ws`up`, workspace: 'NAME', note: 'another one, beside it' },
      ],
    }),
  ],
  [
    /cannot be imported into the current release|invalid ownership metadata/,
    'RELEASE_FOREIGN',
    (_, text) => ({
      message: 'An object of this name exists already and belongs to somebody else',
      reason: lastLines(text),
      suggestions: [{ ...ws`up`, workspace: 'NAME', note: 'another one' }, helm`list --all-namespaces`],
    }),
  ],
  [
    /another operation \(install\/upgrade\/rollback\) is in progress|has no deployed releases|cannot re-?use a name that is still in use|sh\.helm\.release\.v1\.[^"\s]+"? (?:already exists|not found)|release: already exists|the object has been modified/,
    'WORKSPACE_BUSY',
    (_, text) => ({
      message: 'Another operation works on this workspace',
      reason: lastLines(text),
      suggestions: [again({ ...ws`up`, note: 'in a minute' }), ws`status`],
    }),
  ],
  [
    /namespaces "(?<name>[^"]+)" not found/,
    'NAMESPACE_MISSING',
    (match) => ({
      message: `There is no namespace ${match.groups?.['name'] ?? ''}`,
      suggestions: [{ ...ws`up --create-namespace`, place: { namespace: match.groups?.['name'] ?? 'NAME' } }],
    }),
  ],
  [
    /User "(?<user>[^"]*)" cannot (?<verb>\w+) resource "(?<resource>[^"]+)"(?:.*?in the namespace "(?<namespace>[^"]+)")?/,
    'NOT_PERMITTED',
    ({ groups: { verb = '', resource = '', namespace } = {} }, text) => ({
      ...describeRefusedRight({ verb, resource, namespace }),
      reason: lastLines(text),
    }),
  ],
  [
    /is forbidden: |admission webhook .* denied/,
    'NOT_PERMITTED',
    (_, text) => ({ message: 'The cluster refuses the change', reason: lastLines(text) }),
  ],
  [
    /the server has asked for the client to provide credentials|You must be logged in to the server|\bUnauthorized\b|getting credentials: /,
    'CREDENTIALS_REJECTED',
    (_, text) => ({
      message: "The API server does not accept the kubeconfig's credentials",
      reason: lastLines(text),
      suggestions: [kubectl`auth whoami`],
    }),
  ],
  [
    /cluster unreachable: stat (?<file>[^:]+): no such file/i,
    'KUBECONFIG_MISSING',
    (match) => ({ message: `There is no kubeconfig ${match.groups?.['file'] ?? ''}` }),
  ],
  [
    /context "(?<name>[^"]+)" does not exist/,
    'CONTEXT_UNKNOWN',
    (match) => ({
      message: `There is no context ${toQuoted(match.groups?.['name'] ?? '')}`,
      suggestions: [kubectl`config get-contexts`],
    }),
  ],
  [
    /cluster unreachable|connection refused|no such host|i\/o timeout|TLS handshake|x509: |context deadline exceeded|network is unreachable/i,
    'CLUSTER_UNREACHABLE',
    (_, text) => ({
      message: 'The API server cannot be reached',
      reason: lastLines(text),
      suggestions: [kubectl`cluster-info`, ws`doctor`],
    }),
  ],
];

/** The error for what Helm printed. `status` is its exit status; null after a signal. */
export function translate(stderr: string, status: number | null): WorkspaceError {
  const text = withoutWarnings(stderr);
  const cause = new Error(text.trim());
  for (const [pattern, code, toParts] of RULES) {
    const match = pattern.exec(text);
    if (match !== null) return failure(code, { ...toParts(match, text), cause });
  }
  return failure('HELM_FAILED', {
    message: status === null ? 'Helm was killed' : `Helm failed with status ${status}`,
    reason: lastLines(text) || 'it printed no reason',
    suggestions: [ws`doctor`],
    cause,
  });
}

/** True when this Helm does not know a flag that it was given: it is an older one. */
export function isFlagUnknown(error: unknown): boolean {
  return isSaid(error, /unknown flag: /);
}

function isSaid(error: unknown, pattern: RegExp): boolean {
  return error instanceof Error && error.cause instanceof Error && pattern.test(error.cause.message);
}

/** True when Helm says that it knows no such release. */
export function isReleaseMissing(error: unknown): boolean {
  return isSaid(error, /release: not found/);
}

/** Go quotes as JSON does, but for characters that nobody sees. */
function readQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Helm 4 calls its own end before its work a warning. */
function withoutWarnings(stderr: string): string {
  return stderr
    .split('\n')
    .map((line) => /^level=WARN msg="command failed" error=(?<error>".*")$/.exec(line)?.groups?.['error'] ?? line)
    .map((line) => (line.startsWith('"') ? readQuoted(line) : line))
    .filter((line) => !/^(WARNING:|W\d{4} |I\d{4} |level=WARN)/.test(line))
    .join('\n');
}

/** Each complaint as `home.type: …`; the chart's name heads the list and says nothing. */
function toSchemaReason(details: string): string {
  return details
    .split('\n')
    .map((line) => line.trim().replace(/^- /, ''))
    .filter((line) => line !== '' && !/^[\w-]+:$/.test(line))
    .map((line) => line.replace(/^at '\/?([^']*)':/, (_, path: string) => `${path.replaceAll('/', '.') || 'values'}:`))
    .join('; ');
}

function firstParagraph(text: string): string {
  return (text.trim().split(/\n\s*\n|\nUse --debug/)[0] ?? '').trim().replaceAll(/\s*\n\s*/g, ' ');
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Use --debug'));
  return lines
    .slice(-3)
    .map((line) => line.replace(/^Error: /, '').trim())
    .join(' ');
}
