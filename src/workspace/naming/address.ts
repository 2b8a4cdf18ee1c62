/**
 * The name of a workspace as people type it: `NAME`, or `USER@NAME` as after ssh. The one parser of it: nothing else
 * that was typed for a name reaches the cluster, which would take some of it for a query.
 */
import { failure } from '../errors/errors.ts';
import { toQuoted } from '../errors/printable.ts';
import { again, type Suggestion, ws } from '../errors/suggestion.ts';
import { parseUser, parseWorkspaceLabel } from '../state/cluster-words.ts';

/** Longest workspace name: with the `ws-` prefix and the longest object suffix it must stay a 63-character label. */
const NAME_LIMIT = 40;

/** What config-ssh puts before a workspace's name to make the host's. */
const HOST_PREFIX = 'ws-';

export interface Address {
  /** Undefined where none was typed: the workspace's own. */
  user: string | undefined;
  name: string;
}

/**
 * An address that can be one, as it was typed; `said` is the variable that says it, where nobody typed it. Throws
 * `BAD_WORKSPACE_NAME` with the nearest that can.
 */
export function parseAddress(text: string, said?: string): string {
  const { user, name } = readAddress(text);
  const fault =
    (parseWorkspaceLabel(name) === undefined ? findLabelFault(name) : undefined) ??
    (user !== undefined && parseUser(user) === undefined ? 'what stands before the @ is no username' : undefined);
  if (fault === undefined) return text;
  throw badName(text, fault, said);
}

/** The parts of an address that `parseAddress` has let through. */
export function readAddress(text: string): Address {
  const at = text.lastIndexOf('@');
  return at < 0 ? { user: undefined, name: text } : { user: text.slice(0, at), name: text.slice(at + 1) };
}

/** The name alone; undefined where nobody named one. */
export function findName(address: string | undefined): string | undefined {
  return address === undefined ? undefined : readAddress(address).name;
}

/** The name that is meant by an OpenSSH host of ours, `ws-dev`; undefined for other names. */
export function findHostsName(name: string): string | undefined {
  return name.startsWith(HOST_PREFIX) ? parseWorkspaceLabel(name.slice(HOST_PREFIX.length)) : undefined;
}

/** Whether a name looks like a host with its place behind it, `ws-dev.team`. */
export function isPlacedHost(name: string): boolean {
  return /^ws-[a-z0-9-]+\.[a-z0-9.-]+$/.test(name);
}

/** Which of these names an address means; without one it means the only name. */
export function findMeant(address: string | undefined, names: readonly string[]): string | undefined {
  if (address === undefined) return names.length === 1 ? names[0] : undefined;
  const { name } = readAddress(address);
  return [name, findHostsName(name)].find((one) => one !== undefined && names.includes(one));
}

/** A name for a new workspace: a DNS label of at most 40 characters that starts with a letter. */
export function parseWorkspaceName(text: string): string {
  const reason = findNameFault(text);
  if (reason === undefined) return text;
  throw badName(text, reason);
}

/** Whether a new workspace may be called so. */
export function isNewName(text: string): boolean {
  return findNameFault(text) === undefined;
}

function badName(text: string, reason: string, said?: string) {
  return failure('BAD_WORKSPACE_NAME', {
    message: `${said === undefined ? '' : `${said} `}${toQuoted(text)} cannot be a workspace's name`,
    reason,
    suggestions: [...suggestName(text), ws`ls`],
  });
}

function suggestName(text: string): Suggestion[] {
  const near = findNearestName(text);
  if (near === undefined) return [];
  const { name: workspace, namespace } = near;
  return [again(namespace === undefined ? { ...ws`up`, workspace } : { ...ws`up`, workspace, place: { namespace } })];
}

function findLabelFault(name: string): string {
  if (name === '') return 'it is empty';
  if (name.length > 63) return `it has ${name.length} characters; ${NAME_LIMIT} fit`;
  return 'a name has lower-case letters, digits and dashes';
}

function findNameFault(text: string): string | undefined {
  if (text.length > NAME_LIMIT) return `it has ${text.length} characters; ${NAME_LIMIT} fit`;
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text)) {
    return 'a name has lower-case letters, digits and dashes, starts with a letter and ends with a letter or digit';
  }
  return undefined;
}

/** Kinds of objects, as kubectl writes them before a name. */
const KINDS = /^(?:deploy(?:ment)?s?|po(?:d|ds)?|svc|services?|sts|release|secrets?|pvc|ws)(?:\.apps)?$/;

/**
 * The name that somebody may have meant: without the address, the kind, the capitals and the accents around it.
 * `team/dev` is `dev` in the namespace `team`. Undefined where nothing of a name is left.
 */
export function findNearestName(text: string): { name: string; namespace?: string } | undefined {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//.test(bare);
  const path = bare.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[?#].*$/s, '');
  const parts = path.split('/').filter((part) => part !== '');
  // An address has its host first, and a path of Kubernetes its name last.
  const [kind = '', ...rest] = isUrl ? parts.slice(0, 1) : parts;
  const last = rest.at(-1) ?? kind;
  const isOfKind = rest.length > 0 && KINDS.test(kind);
  const host = last
    .replace(/^.*@(?=.)/s, '')
    .replace(/@$/, '')
    .replace(/:\d*$/, '');
  const name = toLabel(isOfKind ? host.replace(/^ws-(?=.)/, '') : host);
  if (name === undefined) return undefined;
  const namespace = rest.length === 1 && !isOfKind ? toLabel(kind) : undefined;
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The rest of a text after all that a label cannot have. */
function toLabel(text: string): string | undefined {
  const label = text
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, NAME_LIMIT)
    .replace(/-+$/, '');
  return label === '' ? undefined : label;
}
