import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isPlacedHost, readAddress } from '../../workspace/naming/address.ts';
import type { Place } from '../../workspace/place.ts';
import { readBlocks } from '../../workspace/ssh-config/host-blocks.ts';
import { ownSshConfigFile } from '../wiring/user-machine.ts';

/** What a host of ours stands for. */
export interface HostsAddress {
  /** `NAME`, or `USER@NAME`. */
  address: string;
  place: Place;
}

/**
 * The workspace and the place of an OpenSSH host that has its namespace in its name, as `ws-dev.team`. Undefined for
 * any other name, and where the line names another place. It reads a file only for a name that looks so.
 */
export function findHostsAddress(address: string | undefined, typed: Place): HostsAddress | undefined {
  if (address === undefined || !isPlacedHost(readAddress(address).name)) return undefined;
  const file = ownSshConfigFile();
  if (!existsSync(file)) return undefined;
  const { user, name } = readAddress(address);
  const block = readBlocks(readFileSync(file, 'latin1')).find((found) => found.name === name);
  if (block?.place === undefined) return undefined;
  const { context, namespace, kubeconfig } = block.place;
  if ((typed.context ?? context) !== context || (typed.namespace ?? namespace) !== namespace) return undefined;
  // A list comes from KUBECONFIG, and no flag can name it.
  const isFile = kubeconfig !== undefined && !kubeconfig.includes(path.delimiter);
  return {
    address: user === undefined ? block.workspace : `${user}@${block.workspace}`,
    place: { context, namespace, kubeconfig: typed.kubeconfig ?? (isFile ? kubeconfig : undefined) },
  };
}

/**
 * What OpenSSH calls a workspace of the place that a line names. Undefined where its host is still to be written and
 * the plain name leads to another place, which would carry files there.
 */
export function nameHostAt(
  workspace: string,
  { namespace, context }: Pick<Place, 'namespace' | 'context'>,
): string | undefined {
  const plain = `ws-${workspace.replace(/^ws-/, '')}`;
  const file = ownSshConfigFile();
  if ((namespace ?? context) === undefined || !existsSync(file)) return plain;
  const blocks = readBlocks(readFileSync(file, 'latin1'));
  const known = blocks.find(
    (block) =>
      `ws-${block.workspace}` === plain &&
      (namespace ?? block.place?.namespace) === block.place?.namespace &&
      (context ?? block.place?.context) === block.place?.context,
  );
  return known?.name ?? (blocks.some(({ name }) => name === plain) ? undefined : plain);
}
