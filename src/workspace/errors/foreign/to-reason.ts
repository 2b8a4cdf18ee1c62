/**
 * Why something failed, in our words, whoever said it first: Node, OpenSSL, ssh2, a parser. The only way in which the
 * error of something foreign becomes a reason for people; `test/unit/workspace/foreign-words.test.ts` looks for others.
 */
import { WorkspaceError } from '../errors.ts';
import { findSshReason } from './ssh-reasons.ts';
import { findSystemReason, type Subject } from './system-reasons.ts';
import { toJsonReason, toYamlReason } from './text-reasons.ts';
import { findTlsReason } from './tls-reasons.ts';

/** What errors may have beside their message. */
interface Foreign extends Error {
  code?: unknown;
  /** The call that failed. */
  syscall?: unknown;
  path?: unknown;
  /** js-yaml's; lines count from 0. */
  reason?: unknown;
  mark?: { line?: number };
  /** The name that a certificate was to be for. */
  host?: unknown;
  cert?: { subjectaltname?: unknown };
}

const SILENT = 'it does not say why';

/** A sentence without a capital and a full stop. `subject` is what the trouble is about. */
export function toReason(error: unknown, subject: Subject): string {
  if (!(error instanceof Error)) return String(error) || SILENT;
  if (error instanceof WorkspaceError) return error.message;
  const { code, name, message, reason, mark, host, cert } = error as Foreign;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' && typeof host === 'string') {
    const names = typeof cert?.subjectaltname === 'string' ? `: ${cert.subjectaltname}` : '';
    return `its certificate is for other names than ${host}${names}`;
  }
  const known = typeof code === 'string' ? (findTlsReason(code) ?? findSystemReason(code, subject)) : undefined;
  if (known !== undefined) return subject === 'file' ? (findFolderReason(error, known) ?? known) : known;
  if (name === 'YAMLException')
    return toYamlReason(String(reason), mark?.line === undefined ? undefined : mark.line + 1);
  if (error instanceof SyntaxError) return toJsonReason(message);
  // OpenSSL has no code for some of its complaints, and names its source files instead.
  if (/^error:[0-9A-F]+:/i.test(message)) return 'a certificate or a key cannot be read';
  return findSshReason(message) ?? (message.split('\n')[0] || SILENT);
}

/** A folder that cannot be made is another one than the file to be in it. A lock is a folder that nobody means. */
function findFolderReason({ code, syscall, path }: Foreign, known: string): string | undefined {
  if (syscall !== 'mkdir' || typeof path !== 'string' || path.endsWith('.lock')) return undefined;
  // Some file systems, such as /proc, refuse every new name so.
  return `the folder ${path} cannot be made: ${code === 'ENOENT' ? 'its file system takes no new folders' : known}`;
}

/** The same for a file, with its path where the system told it. */
export function toPathReason(error: unknown): string {
  const reason = toReason(error, 'file');
  const { path } = (error ?? {}) as Foreign;
  return typeof path === 'string' ? `${path}: ${reason}` : reason;
}
