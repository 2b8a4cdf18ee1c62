/**
 * The one place where a name that was given becomes a workspace and its place: `ws-dev.team`, which `ws config-ssh`
 * writes for a second namespace, says both, whichever command hears it and wherever it stands.
 */
import { findHostsAddress } from '../ssh-config/host-address.ts';
import { type GlobalFlags, toPlace } from './global-flags.ts';

/** What was parsed: the flags with what variables add, and what was typed. */
interface Words<Flags> {
  flags: Flags;
  raw: readonly { type: string; flag?: string }[];
}

interface Taken<Flags> {
  /** The name, or `USER@NAME`. */
  address: string | undefined;
  /** With the place of the host. */
  flags: Flags;
  isHost: boolean;
}

/** Variables of a place give way to what the name says, and typed flags go before it. */
export function takePlace<Flags extends Partial<GlobalFlags>>(
  given: string | undefined,
  parsed: Words<Flags>,
): Taken<Flags> {
  const { flags, raw } = parsed;
  const { context, namespace, kubeconfig } = toPlace(flags);
  const host = findHostsAddress(given, {
    context: isTyped(raw, 'context') ? context : undefined,
    namespace: isTyped(raw, 'namespace') ? namespace : undefined,
    kubeconfig,
  });
  return { address: host?.address ?? given, flags: { ...flags, ...host?.place }, isHost: host !== undefined };
}

/** Whether a flag stands in the words. Else its value is a variable's, or the default. */
export function isTyped(raw: Words<unknown>['raw'], flag: string): boolean {
  return raw.some((token) => token.type === 'flag' && token.flag === flag);
}

/** The workspace, or the home of one, that words or else the environment name; undefined for none. */
export function findGiven({ args, flags }: { args: object; flags: object }): string | undefined {
  const { workspace: position, home } = args as { workspace?: string; home?: string };
  const { workspace: flag } = flags as { workspace?: string };
  return (position ?? home ?? flag ?? process.env.WS_WORKSPACE) || undefined;
}

/**
 * The arguments in the order in which they were typed. oclif sorts its own list by where each text stands first: an
 * argument goes where a flag has the same value.
 */
export function listArguments(raw: readonly { type: string; input: string }[]): string[] {
  return raw.flatMap(({ type, input }) => (type === 'arg' ? [input] : []));
}
