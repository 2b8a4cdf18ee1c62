/** What Helm prints to stdout with `--output json`. A wrapper around it may print words of its own there. */

import { failure } from '../../workspace/errors/errors.ts';
import { helm, run } from '../../workspace/errors/suggestion.ts';
import type { ReleaseState } from '../../workspace/release/releases.ts';

/** How much we show of an answer that makes no sense. */
const SHOWN_CHARACTERS = 100;

/** Reads the answer of `helm upgrade`; undefined when it cannot be read. The release is written by then. */
export function findRevision(output: string): number | undefined {
  try {
    const { version } = toRecord(JSON.parse(output));
    return typeof version === 'number' ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the answer of `helm upgrade --dry-run`: the manifest, and the values that the release would keep. */
export function parseRendered(output: string): { manifest: string; values: Record<string, unknown> } {
  return read('upgrade --dry-run', output, (answer) => {
    const { manifest, config } = toRecord(answer);
    return { manifest: toText(manifest), values: toRecord(config ?? {}) };
  });
}

/** Reads the answer of `helm history`: the revisions, oldest first. */
export function parseHistory(output: string): ReleaseState[] {
  return read('history', output, (answer) =>
    toList(answer)
      .map(({ revision, status, chart, updated }) => ({
        revision: toRevision(revision),
        status: toText(status),
        chart: toText(chart),
        updatedAt: toText(updated),
      }))
      .toSorted((a, b) => a.revision - b.revision),
  );
}

/** Reads the answer of `helm list`: each release's newest revision. */
export function parseRevisions(output: string): number[] {
  return read('list', output, (answer) => toList(answer).map(({ revision }) => toRevision(revision)));
}

/** Reads the answer of `helm get values`, which prints `null` for a release without any. */
export function parseValues(output: string): Record<string, unknown> {
  return read('get values', output, (answer) => toRecord(answer ?? {}));
}

function read<Answer>(verb: string, output: string, toAnswer: (answer: unknown) => Answer): Answer {
  try {
    return toAnswer(JSON.parse(output));
  } catch (cause) {
    throw failure('HELM_FAILED', {
      message: `The answer of helm ${verb} cannot be read`,
      reason: `${describe(output)}; a program or script called helm may stand in front of Helm`,
      suggestions: [helm`version`, run('export')`WS_HELM=/path/to/helm`],
      cause,
    });
  }
}

function describe(output: string): string {
  const text = output.trim().replaceAll(/\s+/g, ' ');
  if (text === '') return 'It printed nothing';
  return `It printed ${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}${text.length > SHOWN_CHARACTERS ? '…' : ''}`;
}

function toRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('it is no object');
  return value as Record<string, unknown>;
}

function toList(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new TypeError('it is no list');
  return value.map(toRecord);
}

/** `helm list` writes the number as a text. */
function toRevision(value: unknown): number {
  const revision = typeof value === 'string' ? Number.parseInt(value, 10) : value;
  if (!Number.isSafeInteger(revision)) throw new TypeError('a revision is no number');
  return revision as number;
}

function toText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a text is missing');
  return value;
}
