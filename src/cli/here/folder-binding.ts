/** What `ws use` bound to this folder or to one above it. */
import path from 'node:path';
import type { SettingsStore } from '../../workspace/choices/settings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { advice } from '../../workspace/errors/suggestion.ts';
import { type Binding, parseBinding } from '../../workspace/naming/binding.ts';
import { hasNoSettings, isRecord, peekSettings } from './peek-settings.ts';

export interface FolderBinding {
  /** The folder that was bound: this one, or the nearest above it. */
  folder: string;
  binding: Binding;
}

/** Commands and topics that are about this machine, and those that programs of ours run with every word they need. */
const WITHOUT_FOLDER = ['complete', 'completion', 'config', 'help', 'hold', 'version'];

/** The binding that counts for a command. */
export async function findFolderOf(
  id: string | undefined = '',
  openSettings: () => Promise<SettingsStore>,
): Promise<FolderBinding | undefined> {
  const [topic = ''] = id.split(':');
  return WITHOUT_FOLDER.includes(topic) ? undefined : findFolderBinding(openSettings);
}

/**
 * The binding of the nearest folder. What checks settings takes long to load, so the file is looked at first; it is
 * opened only where it cannot be believed, and whoever opens it says so.
 */
export async function findFolderBinding(
  openSettings: () => Promise<SettingsStore>,
): Promise<FolderBinding | undefined> {
  const folder = findCurrentFolder();
  if (folder === undefined || hasNoSettings()) return undefined;
  const directories = peekDirectories();
  const found = directories === undefined ? undefined : findNearest(folder, directories);
  if (found !== undefined || (directories !== undefined && isSound(directories))) return found;
  return findNearest(folder, (await openSettings()).read().directories ?? {});
}

/** The same, as far as it can be seen without opening anything: for whoever must not say a word. */
export function peekFolderBinding(): FolderBinding | undefined {
  const folder = findCurrentFolder();
  const directories = folder === undefined ? undefined : peekDirectories();
  return folder === undefined || directories === undefined ? undefined : findNearest(folder, directories);
}

/** Undefined where the folder has been deleted under the shell that stands in it. */
export function findCurrentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** This folder. Throws `LOCAL_FILE_FAILED` where it has been deleted. */
export function getCurrentFolder(): string {
  const folder = findCurrentFolder();
  if (folder !== undefined) return folder;
  throw failure('LOCAL_FILE_FAILED', {
    message: 'This directory is not there any more',
    reason: 'It was deleted or moved under the shell that stands in it',
    suggestions: [advice('Change to another directory')],
  });
}

/** Undefined for a file that is damaged. */
function peekDirectories(): Record<string, unknown> | undefined {
  const settings = peekSettings();
  if (settings === undefined) return undefined;
  const { directories = {} } = settings;
  return isRecord(directories) ? directories : undefined;
}

function isSound(directories: Record<string, unknown>): boolean {
  return Object.values(directories).every((value) => parseBinding(value) !== undefined);
}

function findNearest(from: string, directories: Record<string, unknown>): FolderBinding | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const binding = Object.hasOwn(directories, folder) ? parseBinding(directories[folder]) : undefined;
    if (binding !== undefined) return { folder, binding };
    if (folder === path.dirname(folder)) return undefined;
  }
}
