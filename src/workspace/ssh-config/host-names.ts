/**
 * The names to type after `ssh`. `ws-dev` belongs to the first place whose `dev` got it, as long as its block stands: a
 * host that suddenly led to another namespace would put files where nobody wants them. A later place has its name in
 * its hosts' names.
 */
import { type HostPlace, isOfPlace, readBlocks } from './host-blocks.ts';

type Block = ReturnType<typeof readBlocks>[number];

/** A host of which another place's workspace has the plain name. */
export interface LateHost {
  workspace: string;
  /** What it is called instead. */
  name: string;
  /** Who has `ws-NAME`. */
  holder: { name: string; context: string; namespace: string };
}

/** Whether a block leads to this place's workspace. */
export function isBlockOf(block: Block, workspace: string, place: HostPlace): boolean {
  return block.workspace === workspace && isOfPlace(block.text, place);
}

/**
 * The name that a workspace's block has, or a new one that no other workspace's has. By its alias it is the same
 * workspace though another context or kubeconfig leads to it.
 */
export function nameHost(
  text: string,
  { workspace, hostKeyAlias }: { workspace: string; hostKeyAlias: string },
  place: HostPlace,
): string {
  const blocks = readBlocks(text);
  const known =
    blocks.find((block) => isBlockOf(block, workspace, place)) ??
    blocks.find((block) => block.readSetting('HostKeyAlias') === hostKeyAlias);
  if (known !== undefined) return known.name;
  const plain = `ws-${workspace}`;
  const taken = new Set(blocks.map(({ name }) => name));
  if (!taken.has(plain)) return plain;
  const isElsewhere = blocks.some((block) => block.workspace === workspace && block.place?.context !== place.context);
  const within = `${plain}.${place.namespace}`;
  const full = `${within}.${toLabel(place.context)}`;
  for (const name of isElsewhere ? [full] : [within, full]) if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${full}-${number}`)) number += 1;
  return `${full}-${number}`;
}

/** Why a host is not called `ws-NAME`; undefined where it is. */
export function findLateHost(text: string, workspace: string, name: string): LateHost | undefined {
  const plain = `ws-${workspace}`;
  if (name === plain) return undefined;
  const holder = readBlocks(text).find((block) => block.name === plain);
  if (holder?.place === undefined) return undefined;
  const { context, namespace } = holder.place;
  return { workspace, name, holder: { name: plain, context, namespace } };
}

/** A context may be called anything; a host has lower-case letters, digits and dashes. */
function toLabel(context: string): string {
  const label = context
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return label === '' ? 'context' : label;
}
