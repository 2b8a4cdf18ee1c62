import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SettingsStore } from '../../workspace/choices/settings.ts';
import { parseWorkspaceLabel } from '../../workspace/state/cluster-words.ts';
import { configFolder } from '../terminal/machine.ts';

/**
 * The workspace that `ws use` bound to this directory or the nearest one above it. Settings are opened only where there
 * are any: most commands run without.
 */
export async function findDirectoryWorkspace(
  directory: string,
  openSettings: () => Promise<SettingsStore>,
): Promise<string | undefined> {
  if (hasNoSettings()) return undefined;
  const { directories = {} } = (await openSettings()).read();
  return findNearest(directory, directories);
}

/** The name that was given, the environment's or this directory's, without what checks settings: undefined also where they are damaged. */
export function peekWorkspace(given: string | undefined): string | undefined {
  return given ?? (process.env.WS_WORKSPACE || peekDirectoryWorkspace(process.cwd()));
}

function peekDirectoryWorkspace(directory: string): string | undefined {
  try {
    const text = readFileSync(settingsFile(), 'utf8');
    const { directories = {} } = JSON.parse(text) as { directories?: Record<string, string> };
    return findNearest(directory, directories);
  } catch {
    return undefined;
  }
}

/** Nothing was ever set: no directory has a workspace of its own. */
export function hasNoSettings(): boolean {
  return !existsSync(settingsFile());
}

function settingsFile(): string {
  return path.join(configFolder(), 'config.json');
}

function findNearest(directory: string, directories: Record<string, unknown>): string | undefined {
  for (let at = directory; ; at = path.dirname(at)) {
    const found = Object.hasOwn(directories, at) ? parseWorkspaceLabel(directories[at]) : undefined;
    if (found !== undefined) return found;
    if (at === path.dirname(at)) return undefined;
  }
}
