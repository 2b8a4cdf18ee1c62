/**
 * The document that a credential plugin prints (client.authentication.k8s.io, ExecCredential), judged as client-go
 * does.
 */

import path from 'node:path';
import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { kubectl } from '../../../workspace/errors/suggestion.ts';
import type { ExecEntry } from '../kubeconfig/entries.ts';
import { Fields } from '../kubeconfig/fields.ts';

export interface PluginCredential {
  token: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
  /** Epoch milliseconds; undefined for a credential that is good until the server refuses it. */
  expiresAtMs: number | undefined;
}

/** Throws `CREDENTIALS_REJECTED` when the text is no such document, or one without a credential. */
export function parseCredential(output: string, { command, apiVersion }: ExecEntry): PluginCredential {
  try {
    return toCredential(JSON.parse(output), apiVersion);
  } catch (cause) {
    const reason =
      cause instanceof SyntaxError ? 'it did not print an ExecCredential document' : toReason(cause, 'program');
    throw rejected(command, reason, cause);
  }
}

function toCredential(output: unknown, wantedVersion: string): PluginCredential {
  const document = new Fields(output, 'its answer');
  const [kind, version] = [document.text('kind'), document.text('apiVersion')];
  if (kind !== 'ExecCredential') throw new Error('it did not print an ExecCredential document');
  if (version !== wantedVersion)
    throw new Error(`the kubeconfig asks for apiVersion ${wantedVersion}, and it answers in ${version ?? 'none'}`);
  const status = document.map('status');
  if (status === undefined) throw new Error('its answer has no status');
  const [token, certificate, key] = (['token', 'clientCertificateData', 'clientKeyData'] as const).map((name) =>
    status.text(name),
  );
  if ((token ?? certificate ?? key) === undefined) throw new Error('it printed no credential');
  if ((certificate === undefined) !== (key === undefined))
    throw new Error('it printed a certificate or a key, and not both');
  const expiry = status.text('expirationTimestamp');
  const expiresAtMs = expiry === undefined ? undefined : Date.parse(expiry);
  if (Number.isNaN(expiresAtMs)) throw new Error(`its expirationTimestamp "${expiry}" is no time`);
  return { token, certificate, key, expiresAtMs };
}

/** A plugin's failure; `reason` is its own words, or what is wrong with its answer. */
export function rejected(command: string, reason: string, cause?: unknown): WorkspaceError {
  return failure('CREDENTIALS_REJECTED', {
    message: `The kubeconfig's credential plugin ${path.basename(command)} gave no credential`,
    reason,
    suggestions: [kubectl`auth whoami`],
    cause,
  });
}
