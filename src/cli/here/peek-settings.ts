/** The file of the settings, without what checks it: that takes long to load. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { configFolder } from '../terminal/machine.ts';

/** True when nothing was ever set. */
export function hasNoSettings(): boolean {
  return !existsSync(settingsFile());
}

/** What the file says, unchecked; undefined where it is damaged or cannot be read. */
export function peekSettings(): Record<string, unknown> | undefined {
  try {
    const settings: unknown = JSON.parse(readFileSync(settingsFile(), 'utf8'));
    return isRecord(settings) ? settings : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function settingsFile(): string {
  return path.join(configFolder(), 'config.json');
}
