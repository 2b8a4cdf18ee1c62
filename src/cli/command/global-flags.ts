import { Flags, type Interfaces } from '@oclif/core';
import type { Place } from '../../workspace/place.ts';
import { toDirect } from './flags.ts';
import { PROGRESS_KINDS, type ProgressKind } from './progress.ts';

/** Flags of every command: where to work, and how to show it. */
export const globalFlags = {
  context: Flags.string({
    description: 'kubeconfig context',
    env: 'WS_CONTEXT',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME',
  }),
  namespace: Flags.string({
    char: 'n',
    description: 'namespace of the workspace',
    env: 'WS_NAMESPACE',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME',
  }),
  kubeconfig: Flags.string({ description: 'kubeconfig file', helpGroup: 'GLOBAL', helpValue: 'FILE' }),
  progress: Flags.option({
    options: PROGRESS_KINDS,
    default: 'auto' as ProgressKind,
    description: 'how to show progress on stderr',
    env: 'WS_PROGRESS',
    helpGroup: 'GLOBAL',
  })(),
  debug: Flags.boolean({
    char: 'v',
    default: false,
    description: 'say which way leads to the workspace, and where an unexpected error came from',
    env: 'WS_DEBUG',
    helpGroup: 'GLOBAL',
  }),
};

/** Of every command that prints a result. */
export const jsonFlag = Flags.boolean({
  description: 'print the result, or the error, as one JSON document',
  helpGroup: 'GLOBAL',
});

/** The flags of a command that prints a result. oclif would add a flag of its own, in its own words. */
export function withJson<Flags>(flags: Flags): Flags {
  return { ...flags, json: jsonFlag };
}

export type GlobalFlags = Interfaces.InferredFlags<typeof globalFlags>;

/** The place that the flags and their variables name. */
export function toPlace({ context, namespace, kubeconfig }: Partial<GlobalFlags>): Place {
  return { context, namespace, kubeconfig };
}

/** How the world is opened, by flags that only some commands have. Throws `BAD_VALUE`. */
export function toWorldOptions(flags: object = {}) {
  const { resume, direct, debug } = flags as { resume?: boolean; direct?: string | string[]; debug?: boolean };
  // Those of `ws config-ssh` are for the hosts that it writes.
  const own = typeof direct === 'string' ? toDirect(direct) : undefined;
  return { resumes: resume ?? true, direct: own, isVerbose: debug ?? false };
}
