/** Whether OpenSSH's configuration speaks of agents or key files at all: to ask OpenSSH itself costs a process. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ConfigMentions {
  agent: boolean;
  identityFile: boolean;
  /** It includes something that we do not look into. */
  unknown: boolean;
}

/** OpenSSH itself follows sixteen levels. Beyond this depth we ask OpenSSH. */
const DEEPEST_INCLUDE = 3;

/** Looks for the words alone, whichever hosts they apply to. Skips `ownFile`. Never throws. */
export function readConfigMentions(files: string[], ownFile: string): ConfigMentions {
  const found: ConfigMentions = { agent: false, identityFile: false, unknown: false };
  for (const file of files) look(file, path.dirname(file), 0);
  return found;

  function look(file: string, folder: string, depth: number): void {
    if (file === ownFile) return;
    for (const line of findText(file).split(/\r?\n/)) {
      const [, keyword = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
      const word = keyword.toLowerCase();
      if (word === 'identityagent') found.agent = true;
      if (word === 'identityfile') found.identityFile = true;
      if (word === 'include') include(rest, folder, depth);
    }
  }

  function include(rest: string, folder: string, depth: number): void {
    const names = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    for (const name of names) {
      const file = path.resolve(folder, name.replace(/\\(?=[*?[])/g, ''));
      if (file === ownFile) continue;
      const isPlain = !/[~$%?[\]\\]/.test(name) && /^[^*]*(?:\/\*[^*/]*)?$/.test(name);
      if (!isPlain || depth >= DEEPEST_INCLUDE) found.unknown = true;
      else for (const one of listMatches(file)) look(one, folder, depth + 1);
    }
  }
}

/** A path, or all of a folder whose names end as the pattern does. */
function listMatches(file: string): string[] {
  const [, folder, end] = /^(.*)\/\*([^/]*)$/.exec(file) ?? [];
  if (folder === undefined || end === undefined) return [file];
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(end))
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function findText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
