import { NO_CLASS } from '../../workspace/choices/options.ts';
import { failure, hasCode, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { Asked } from './asked.ts';

/** A claim, and the folder of it that is the home. */
interface Folder {
  claim: string;
  subPath: string | undefined;
}

/**
 * `HOME_CONFLICT` if this run would start a second server in a home: both would write to the same files, and restore
 * the same sessions. The chart refuses only an install of a home that has the other release's name. What runs already
 * stays as it is, and who may not look hears nothing.
 */
export async function findSharingFault(
  asked: Asked,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError | undefined> {
  const home = await findStarting(asked, world);
  if (home === undefined) return undefined;
  const other = await findOther(home, asked.workspace, world, signal);
  if (other === undefined) return undefined;
  const { workspace } = asked;
  const { claim, subPath } = home;
  return failure('HOME_CONFLICT', {
    message: `Claim ${claim} is the home of workspace ${other}, which runs`,
    reason: `Two workspaces must not write to one home at once${subPath === undefined ? '' : `. Both have its folder ${subPath}`}`,
    suggestions: [
      ...suggestFolder(asked, home),
      { ...ws`stop`, workspace: other, note: `then bring ${workspace} up` },
      { ...ws`homes ls`, note: 'shows who uses which home' },
    ],
  });
}

/** The home of a workspace that does not run with it yet; undefined if that is no claim. */
async function findStarting({ choices, valuesFiles, found }: Asked, { releases }: World): Promise<Folder | undefined> {
  const said = valuesFiles.length === 0 ? {} : await releases.readHome(valuesFiles);
  const now = found?.home.kind === 'claim' ? found.home : undefined;
  const stays = choices.storageClass === NO_CLASS ? undefined : now?.claim.name;
  const claim = choices.home ?? said.claim ?? stays;
  const isRunning = (found?.deployment?.replicas ?? 0) > 0 && now?.claim.name === claim;
  if (claim === undefined || isRunning) return undefined;
  return { claim, subPath: choices.subPath ?? said.subPath ?? now?.subPath };
}

/** The workspace that has a server, or is about to, in this very folder. */
async function findOther(
  { claim, subPath }: Folder,
  workspace: string,
  { cluster }: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  const all = await cluster.listWorkspaces(signal).catch((error: unknown) => {
    if (hasCode(error, 'NOT_PERMITTED')) return [];
    throw error;
  });
  const isInFolder = ({ home }: WorkspaceSnapshot) =>
    home.kind === 'claim' && home.claim.name === claim && home.subPath === subPath;
  return all.find((other) => other.name !== workspace && (other.deployment?.replicas ?? 0) > 0 && isInFolder(other))
    ?.name;
}

/** Only a new workspace can have another folder: the home of one that is there stays where it is. */
function suggestFolder({ workspace, found }: Asked, { claim, subPath }: Folder): Suggestion[] {
  if (found?.deployment !== undefined || found?.home.kind === 'claim') return [];
  const folder = subPath === workspace ? `${workspace}-2` : workspace;
  return [{ ...ws`up --home ${claim} --sub-path ${folder}`, workspace, note: 'has a folder of its own' }];
}
