/** The one way to name a workspace: its position, --workspace, WS_WORKSPACE, else the folder's own. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SettingsStore } from '../../workspace/choices/settings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { advice, ws } from '../../workspace/errors/suggestion.ts';
import { parseWorkspaceLabel } from '../../workspace/state/cluster-words.ts';
import { configFolder } from '../terminal/machine.ts';

/** Where words and environment may name a workspace. */
export interface NamedBy {
  position?: string | undefined;
  flag?: string | undefined;
  variable?: string | undefined;
}

/**
 * The name that was given; undefined when there is none. An empty variable is unset. Throws `CONFLICTING_FLAGS` for two
 * names and `BAD_WORKSPACE_NAME` for what no workspace can be called: the cluster would take it for a query.
 */
export function findGivenName({ position, flag, variable }: NamedBy): string | undefined {
  if (position !== undefined && flag !== undefined && position !== flag) {
    throw failure('CONFLICTING_FLAGS', {
      message: `Two workspaces are named: ${position} and, by --workspace, ${flag}`,
      reason: 'a command is about one',
      suggestions: [advice('Leave one of them out')],
    });
  }
  const name = position ?? flag ?? (variable || undefined);
  if (name === undefined || parseWorkspaceLabel(name) !== undefined) return name;
  throw failure('BAD_WORKSPACE_NAME', {
    message: `"${name}" cannot be a workspace's name`,
    reason: 'a name has lower-case letters, digits and dashes',
    suggestions: [ws`ls`],
  });
}

/**
 * The workspace that `ws use` bound to this folder or the nearest one above it. What checks settings takes long to
 * load, so the file is looked at first; it is opened only when it names none, for it may be damaged.
 */
export async function findFolderWorkspace(openSettings: () => Promise<SettingsStore>): Promise<string | undefined> {
  if (hasNoSettings()) return undefined;
  const folder = process.cwd();
  return peekFolderWorkspace(folder) ?? findNearest(folder, (await openSettings()).read().directories ?? {});
}

function peekFolderWorkspace(folder: string): string | undefined {
  try {
    const { directories = {} } = JSON.parse(readFileSync(settingsFile(), 'utf8')) as {
      directories?: Record<string, unknown>;
    };
    return findNearest(folder, directories);
  } catch {
    return undefined;
  }
}

/** True when nothing was ever set, so no folder has a workspace of its own. */
export function hasNoSettings(): boolean {
  return !existsSync(settingsFile());
}

function settingsFile(): string {
  return path.join(configFolder(), 'config.json');
}

function findNearest(folder: string, directories: Record<string, unknown>): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = Object.hasOwn(directories, at) ? parseWorkspaceLabel(directories[at]) : undefined;
    if (found !== undefined) return found;
    if (at === path.dirname(at)) return undefined;
  }
}
