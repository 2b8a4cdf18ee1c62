import { parseImage } from '../../workspace/choices/choices.ts';
import { SETTING_KEYS, type SettingKey, type Settings } from '../../workspace/choices/settings.ts';
import { failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import { command } from '../../workspace/errors/shell-words.ts';
import { parseId, parseSize, parseUsername } from '../../workspace/names.ts';

/** A setting's name. Throws `BAD_VALUE` with the names there are. */
export function parseSettingKey(text: string): SettingKey {
  if (Object.hasOwn(SETTING_KEYS, text)) return text as SettingKey;
  throw failure('BAD_VALUE', {
    message: `There is no setting "${text}"`,
    reason: `There is: ${Object.keys(SETTING_KEYS).join(', ')}`,
    suggestions: ['ws config ls'],
  });
}

/** A setting's value, checked as its flag would be. Throws what the flag's parser throws, in a setting's words. */
export function parseSetting(key: SettingKey, text: string): Settings {
  try {
    return parse(key, text);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    const { code, message, reason, suggestions } = error;
    throw failure(code, {
      message: message.replace(`--${key}`, key),
      reason,
      suggestions: suggestions.map((line) => line.replace(/^ws up --\w+/, command`ws config set ${key}`)),
      cause: error,
    });
  }
}

function parse(key: SettingKey, text: string): Settings {
  switch (key) {
    case 'user':
      return { user: parseUsername(text) };
    case 'uid':
      return { uid: parseId(text, 'UID') };
    case 'gid':
      return { gid: parseId(text, 'GID') };
    case 'size':
      return { size: parseSize(text, 'size') };
    case 'image':
      parseImage(text);
      return { image: text };
    case 'storageClass':
      return { storageClass: text };
    case 'identity':
      return { identity: text };
  }
}
