import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SettingsStore } from '../../workspace/choices/settings.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { parseWorkspaceName, readAddress } from '../../workspace/naming/address.ts';
import type { Binding } from '../../workspace/naming/binding.ts';
import type { Sources } from '../../workspace/naming/meaning.ts';
import type { Sight } from '../../workspace/naming/sight.ts';
import type { Place } from '../../workspace/place.ts';
import type { World } from '../../workspace/world.ts';
import type { Bearings } from './bearings.ts';
import { listTypedValues } from './typed-words.ts';

/**
 * What is written down for a folder: the whole place, so that the same workspace is meant whatever the kubeconfig says
 * tomorrow. Throws `BAD_WORKSPACE_NAME` for a name that is not there and that none can get.
 */
export function toBinding(address: string, sight: Sight, place: Place, world: World | undefined): Binding {
  const { context = place.context, namespace = place.namespace } = world?.cluster ?? {};
  const { kubeconfig } = place;
  return {
    workspace: sight.kind === 'there' ? sight.name : parseWorkspaceName(readAddress(address).name),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig: path.resolve(kubeconfig) }),
  };
}

/** An empty name undoes a binding, unless another one stands beside it. */
export function asksForNone(...names: (string | undefined)[]): boolean {
  const said = names.filter((name) => name !== undefined);
  return said.length > 0 && said.every((name) => name === '');
}

/** What says what is meant here. A host in WS_WORKSPACE, as `ws-dev.team`, says the place as well. */
export function toSources(
  typed: TypedCommand,
  named: { address: string | undefined; isHost: boolean } | undefined,
  { given, bound }: Pick<Bearings, 'given' | 'bound'>,
): Sources {
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  const { context = WS_CONTEXT, namespace = WS_NAMESPACE } = named?.isHost === true ? given : {};
  const workspace = named?.address;
  return { flags: listTypedValues(typed), variables: { workspace, context, namespace }, bound };
}

/** Scripts and agents bind folders that are gone an hour later. Each command reads all of them. */
const MOST_FOLDERS = 1000;

/**
 * Without a binding the folder's own goes. Those of other folders stay, whoever binds one at this moment, unless there
 * are too many: then folders that are gone are forgotten, and at last the oldest.
 */
export function writeBinding(settings: SettingsStore, folder: string, binding: Binding | undefined): Promise<void> {
  return settings.update(({ directories = {}, ...rest }) => {
    const { [folder]: _before, ...others } = directories;
    const bound = binding === undefined ? others : { ...others, [folder]: binding };
    return { ...rest, directories: forgetFolders(bound, folder) };
  });
}

function forgetFolders<Value>(bound: Record<string, Value>, newest: string): Record<string, Value> {
  const all = Object.entries(bound);
  if (all.length <= MOST_FOLDERS) return bound;
  const there = all.filter(([folder]) => folder === newest || existsSync(folder));
  return Object.fromEntries(there.slice(-MOST_FOLDERS));
}
