import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Conf from 'conf';
import { type Settings, type SettingsStore, toSettingsSchema } from '../../workspace/choices/settings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { updateFile } from './atomic-file.ts';
import { leadElsewhere } from './look-at.ts';

/** What damages the file may do so again and again. */
const MOST_SET_ASIDE = 10;

/**
 * Settings in `config.json` of a folder. A file that is damaged or says impossible things is moved aside, never
 * overwritten, and the store goes on with defaults and says so. `conf` reads it and judges it; it does not write it,
 * because it has no lock, and many `ws` may do so at once.
 */
export function openSettings(folder: string, nowMs: number): SettingsStore {
  const file = path.join(folder, 'config.json');
  const open = () =>
    new Conf<Settings>({
      cwd: folder,
      configName: 'config',
      schema: toSettingsSchema(),
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
    });
  let setAside: SettingsStore['setAside'];
  // `conf` makes the folder even to read from it: where nothing was ever set, and perhaps nothing can be, nothing is
  // opened.
  let store: Conf<Settings> | undefined;
  try {
    if (existsSync(file)) store = open();
    // Read here: damage must show before anything relies on the store.
    void store?.store;
  } catch (error) {
    const reason = toDamage(error, file);
    setAside = { movedTo: moveAside(file, nowMs, error as Error), reason };
    store = open();
  }
  return {
    path: file,
    setAside,
    read() {
      if (store === undefined && existsSync(file)) store = open();
      return { ...store?.store };
    },
    async update(change) {
      try {
        await updateFile(file, (bytes) => changeText(bytes, change));
      } catch (error) {
        throw unusable(file, error as Error, 'changed');
      }
    },
  };
}

/** Bytes as `updateFile` hands them on, one character each. What says the same stays as it is. */
function changeText(bytes: string, change: (settings: Settings) => Settings): string {
  const before = bytes === '' ? {} : (JSON.parse(Buffer.from(bytes, 'latin1').toString('utf8')) as Settings);
  const after = change(before);
  if (isDeepStrictEqual(before, after)) return bytes;
  return Buffer.from(`${JSON.stringify(after, undefined, '\t')}\n`, 'utf8').toString('latin1');
}

/** `conf` says neither where its file stops being JSON, nor in our words which settings are impossible. */
function toDamage(error: unknown, file: string): string {
  const impossible = [...String((error as Error).message).matchAll(/`([^`]+)` must/g)].map(([, name]) => name);
  if (impossible.length > 0) return `its ${impossible.join(', ')} cannot be used`;
  if (!(error instanceof SyntaxError)) return toReason(error, 'file');
  try {
    JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    return toReason(cause, 'file');
  }
  return toReason(error, 'file');
}

function moveAside(file: string, nowMs: number, error: Error): string {
  if (!existsSync(file)) throw unusable(file, error);
  const movedTo = `${file}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '-')}`;
  try {
    renameSync(file, movedTo);
  } catch (cause) {
    throw unusable(file, cause as Error);
  }
  forgetOldest(`${file}.damaged-`);
  return movedTo;
}

/** Their names end with their times, so that the oldest is the first. */
function forgetOldest(beginning: string): void {
  const folder = path.dirname(beginning);
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(path.basename(beginning)));
    for (const name of names.toSorted().slice(0, -MOST_SET_ASIDE)) rmSync(path.join(folder, name), { force: true });
  } catch {
    // They stay until the next time.
  }
}

function unusable(file: string, error: Error, done: 'used' | 'changed' = 'used') {
  return failure('SETTINGS_INVALID', {
    message: `The settings in ${file} cannot be ${done}`,
    reason: toReason(error, 'file'),
    suggestions: leadElsewhere(file),
    cause: error,
  });
}
